"""Floor 2. Whose house it is."""
