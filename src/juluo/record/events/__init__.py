"""The event: an append-only fact, and the inbox that takes each in once."""
