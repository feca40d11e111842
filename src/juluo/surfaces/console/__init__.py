"""The pages operators work in."""
