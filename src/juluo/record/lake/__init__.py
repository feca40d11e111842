"""History in columns: one port, several engines."""
