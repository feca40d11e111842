"""Funnels: who takes one step after another within so many days, and where they stop."""
