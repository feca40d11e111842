"""Bringing in a history: recognise, translate, stage, merge."""
