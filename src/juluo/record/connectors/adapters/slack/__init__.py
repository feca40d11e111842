"""Slack: a workspace's export, single day files and threads, pages of its API."""
