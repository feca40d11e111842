"""How each transactional store takes rows in fastest."""
