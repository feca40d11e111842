"""Floor 1. Tools without business words."""
