"""Rocket.Chat: messages as its API and its database give them."""
