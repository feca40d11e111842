"""Juluo 聚落: community operations that prove what each act changed."""
