"""Decisions about words: what a message is about, how its writer feels. No database, no clock, no network."""

from .learning import Correction, Lesson, features, learned
from .moods import ENOUGH, decided, mood, score
from .tokens import Cutter, Token, bare
from .topical import picked, singular, terms
from .words import EDITION

__all__ = [
    "EDITION",
    "ENOUGH",
    "Correction",
    "Cutter",
    "Lesson",
    "Token",
    "bare",
    "decided",
    "features",
    "learned",
    "mood",
    "picked",
    "score",
    "singular",
    "terms",
]
