"""Questions to the lake about tiers."""
