"""Programs that act for a community: API tokens."""
