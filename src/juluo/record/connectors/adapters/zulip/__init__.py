"""Zulip: its export tarball, its API's messages, and archives with one message a line."""
