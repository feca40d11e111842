"""Which reader is for what was handed in."""

from juluo.kit.archive import Pack, PackRefused

from .registry import readers
from .types import Plan


def recognise(pack: Pack) -> list[Plan]:
    """What each reader makes of the pack, the surest first (of equals, the one asked first); empty when none knows it.

    A damaged entry stops only the reader that looked at it; `PackRefused` is raised when it kept all of them from
    recognising the pack.
    """
    plans: list[Plan] = []
    refusal: PackRefused | None = None
    for reader in readers:
        try:
            plan = reader.look(pack)
        except PackRefused as refused:
            refusal = refused
            continue
        if plan is not None:
            plans.append(plan)
    if not plans and refusal is not None:
        raise refusal
    return sorted(plans, key=lambda plan: -plan.confidence)
