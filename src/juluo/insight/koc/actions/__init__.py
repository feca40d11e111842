"""Counting evidence, walking the path, and how KOC are looked for."""

from .counting import count, refresh, rescore
from .path import find_unsuited, move, pick, plan_next, show_again, take_off, unpick
from .tuning import name_stage, tune

__all__ = [
    "count",
    "find_unsuited",
    "move",
    "name_stage",
    "pick",
    "plan_next",
    "refresh",
    "rescore",
    "show_again",
    "take_off",
    "tune",
    "unpick",
]
