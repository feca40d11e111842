"""Telegram: what Telegram Desktop exports, and updates saved from the Bot API."""
