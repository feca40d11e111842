"""Which reader is for what was handed in."""

from juluo.kit.archive import Pack

from .registry import readers
from .types import Plan


def recognise(pack: Pack) -> list[Plan]:
    """What each reader makes of the pack, the surest first; empty when none knows it."""
    plans = [plan for reader in readers if (plan := reader.look(pack)) is not None]
    return sorted(plans, key=lambda plan: -plan.confidence)
