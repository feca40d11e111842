"""Meetup: sign-ups, comments and events as its API gave them."""
