"""Reading the history for needs, putting together what belongs together, and what the team says about it."""

from .deciding import assign_task, decide
from .reading import cluster, forget, hear

__all__ = ["assign_task", "cluster", "decide", "forget", "hear"]
