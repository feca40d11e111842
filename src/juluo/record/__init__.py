"""Floor 3. Who it is and what happened."""
