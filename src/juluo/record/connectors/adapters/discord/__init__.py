"""Discord: what DiscordChatExporter writes, as JSON and as CSV."""
