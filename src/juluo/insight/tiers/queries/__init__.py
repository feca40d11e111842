"""Finding and telling where members stand."""

from .asking import history_days, marks_replies, moves_by, parameters
from .present import as_of, person_of, rules_of, standing_of, versions, waiting

__all__ = [
    "as_of",
    "history_days",
    "marks_replies",
    "moves_by",
    "parameters",
    "person_of",
    "rules_of",
    "standing_of",
    "versions",
    "waiting",
]
