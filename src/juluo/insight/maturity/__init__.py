"""The pyramid evaluation table: ten indicators, a hundred points, the level that follows, and what to do about the low ones."""
