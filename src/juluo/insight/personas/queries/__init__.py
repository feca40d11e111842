"""Telling who a group is, and what members need."""
