"""QQ groups, as the desktop client's message manager exports them to text."""
