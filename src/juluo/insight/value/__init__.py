"""What members are worth and whether they are drifting away: orders, RFM, lifetime value, silence against one's own rhythm."""
