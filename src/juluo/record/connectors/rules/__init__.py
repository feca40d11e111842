"""What readers of machine-written exports decide alike: believable moments, bots and staff, derived events, what the stores can take."""
