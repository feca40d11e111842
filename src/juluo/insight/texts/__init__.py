"""Reading messages: terms, topics, sentiment."""
