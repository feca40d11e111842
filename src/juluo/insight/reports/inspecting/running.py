"""Running every inspection."""

import logging

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_
from juluo.kit.health import Finding, bad

from ..registry import Inspection, inspections

log = logging.getLogger("juluo.reports")


def inspected(community: Community) -> list[tuple[Inspection, Finding]]:
    """Every inspection with what it found. One that breaks is itself a finding, so that it does not hide the others."""
    found = []
    for one in inspections:
        try:
            finding = one.look(community)
        except Exception:
            log.exception("inspection %s broke", one.code)
            finding = bad(N_("检查本身出错了"), N_("请查看运行日志，其中有完整的错误信息。"))
        found.append((one, finding))
    return found
