"""Signal: its own plaintext export, and what signal-export and sigtop take from Signal Desktop."""
