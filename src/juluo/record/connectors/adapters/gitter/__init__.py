"""Gitter rooms as plain text."""
