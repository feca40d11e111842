"""What the team does for the community, and the time it takes."""
