"""Changing where members stand, and by which rules."""

from .assigning import Assigned, assign, start_anew
from .deciding import change_rules, plan_effort, say

__all__ = ["Assigned", "assign", "change_rules", "plan_effort", "say", "start_anew"]
