"""KOC: who carries a community besides its team, with evidence; and the path on which they grow."""
