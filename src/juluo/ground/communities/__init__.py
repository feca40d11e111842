"""Communities, who works in them, and what each is for."""
