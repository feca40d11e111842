"""Floor 4. What it means."""
