"""Floor 7. Shells: layout, login, navigation."""
