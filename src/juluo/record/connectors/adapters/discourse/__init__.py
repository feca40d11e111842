"""Discourse: topics, posts and lists as its API gives them, saved to files."""
