"""Floor 6: what operators run."""
