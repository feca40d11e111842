"""Finding candidates and telling why."""

from .evidence import candidates, counted, evidence_of, tuning_of
from .path import journey_of, plans

__all__ = ["candidates", "counted", "evidence_of", "journey_of", "plans", "tuning_of"]
