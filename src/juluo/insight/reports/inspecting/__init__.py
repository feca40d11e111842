"""The inspections of a community's operation: running them, and those that come with this room."""

from .looks import INSPECTIONS
from .running import inspected

__all__ = ["INSPECTIONS", "inspected"]
