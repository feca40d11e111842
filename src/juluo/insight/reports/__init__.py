"""The weekly health report and its suggestions."""
