"""Members and the identities they use."""
