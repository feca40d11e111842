"""What people in the world say and are called: invented, every word of it."""
