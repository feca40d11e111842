"""Questions to members, and what they answered: surveys, NPS and interviews."""
