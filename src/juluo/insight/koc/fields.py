"""What expressions of segments may say of KOC."""

from collections.abc import Sequence

from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.insight.segments.registry import Field
from juluo.insight.segments.types import Kind
from juluo.kit.errors import N_

from .queries.path import plans
from .tables import KOC_EVIDENCE, KOC_STAGES

GROUP = N_("KOC")


def place() -> Table:
    """How many percent of the others have less evidence."""
    return KOC_EVIDENCE.select("member", value="place")


def stage() -> Table:
    """The stage on the path."""
    return KOC_STAGES.select("member", value="stage")


def _stages(community: Community) -> Sequence[tuple[str, str]]:
    return [(one.value, plan.name) for one, plan in plans(community).items()]


FIELDS = (
    Field(
        "koc_score",
        N_("KOC 潜力"),
        GROUP,
        Kind.NUMBER,
        place,
        note=N_("0–100：说过话的成员里有百分之几的人证据更少。近来没说过话的人没有。"),
        cost=0,
        unit="%",
        least=0,
    ),
    Field(
        "koc_stage",
        N_("KOC 阶段"),
        GROUP,
        Kind.CHOICE,
        stage,
        choices=_stages,
        is_ordered=True,
        note=N_("在成长路径上的哪一步；不在路径上的人没有。"),
        cost=0,
    ),
)
