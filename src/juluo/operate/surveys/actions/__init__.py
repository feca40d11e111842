"""Making surveys, asking members, taking answers, keeping what interviews found."""

from .adopting import adopt
from .answering import Outcome, answer
from .asking import invite
from .copying import refresh
from .designing import SETTINGS, again, close, configure, design, make, publish, remove
from .interviewing import drop_interview, find, save_guide, save_interview, unfind
from .merging import merge, part

__all__ = [
    "SETTINGS",
    "Outcome",
    "adopt",
    "again",
    "answer",
    "close",
    "configure",
    "design",
    "drop_interview",
    "find",
    "invite",
    "make",
    "merge",
    "part",
    "publish",
    "refresh",
    "remove",
    "save_guide",
    "save_interview",
    "unfind",
]
