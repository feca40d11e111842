"""Questions to the lake about groups and about needs."""
