"""Decisions about tiers from plain values."""
