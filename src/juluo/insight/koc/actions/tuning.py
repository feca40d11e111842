"""How evidence is weighed, and what the stages are called and give."""

from collections.abc import Mapping

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.insight.tiers.types import Tier

from ..errors import BadWeights
from ..models import StageNote, Tuning
from ..queries.evidence import Tuned, tuning_of
from ..queries.path import plans
from ..types import WEIGHTS, WINDOWS, Plan
from .counting import rescore


@transaction.atomic
def tune(community: Community, *, weights: Mapping[str, float], days: int, floor: Tier, hidden_days: int) -> bool:
    """Look for KOC in another way from now on; whether it differs. Weights count at once, other days with the next count.

    Raises `BadWeights`.
    """
    if weights.keys() != WEIGHTS.keys() or any(not 0 <= weight <= 100 for weight in weights.values()) or not any(weights.values()):
        raise BadWeights()
    if days not in WINDOWS:
        raise BadWeights()
    Community.objects.select_for_update().get(pk=community.pk)
    before = tuning_of(community.pk)
    after = Tuned({code: float(weights[code]) for code in WEIGHTS}, days, floor, hidden_days)
    if before == after:
        return False
    values = {"weights": after.weights, "days": days, "floor": int(floor), "hidden_days": hidden_days}
    Tuning.objects.update_or_create(pk=community.pk, defaults=values)
    if before.weights != after.weights:
        rescore(community)
    words = "/".join(f"{weight:g}" for weight in after.weights.values())
    note("koc.tuned", subject=community.name, community_id=community.pk, weights=words, days=days)
    return True


@transaction.atomic
def name_stage(community: Community, plan: Plan) -> bool:
    """Call a stage otherwise, or say what it gives and when the next step is due; whether anything changed."""
    if plans(community)[plan.stage] == plan:
        return False
    values = {"name": plan.name[:20], "benefits": plan.benefits[:1_000], "days": plan.days, "next_step": plan.next_step[:100]}
    StageNote.objects.update_or_create(community=community, stage=plan.stage.value, defaults=values)
    note("koc.stage_changed", subject=plan.name, community_id=community.pk)
    return True
