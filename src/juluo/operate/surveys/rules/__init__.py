"""Decisions on plain values: what is shown, what was answered, whether a design can be published, and what answers say."""
