"""分层: in which of five tiers each member stands, why, since when, and what would bring them up."""
