"""The stage of a community's life, with what speaks for it."""

from enum import StrEnum
from typing import Any

import msgspec


class Stage(StrEnum):
    COLD_START = "cold_start"
    GROWTH = "growth"
    MATURITY = "maturity"
    DECLINE = "decline"


class Evidence(msgspec.Struct, frozen=True):
    """One thing that was looked at: a Chinese sentence to be translated, its facts, and whether it speaks for the stage."""

    sentence: str
    facts: dict[str, Any]
    speaks_for: bool


class StageFound(msgspec.Struct, frozen=True):
    """The stage, or None where too little is known to say; the evidence either way."""

    stage: Stage | None
    evidence: tuple[Evidence, ...]
