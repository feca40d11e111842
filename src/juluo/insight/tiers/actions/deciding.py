"""What operators decide: the lines, who is KOC, and where the time is to go."""

from typing import Any

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.people.models import Member

from ..errors import BadPlan, BadRules, NotACandidate
from ..models import EffortPlan, KocWord, Progress, Rules, Standing
from ..queries.present import rules_of
from ..rules.lines import faults
from ..types import Rulebook, Tier, Word
from .assigning import retell


@transaction.atomic
def change_rules(community: Community, rules: Rulebook, *, because: str = "", by: Any = None) -> bool:
    """Let other lines count from now on; whether they differ. The next assignment walks the whole history by them. Raises `BadRules`."""
    if faults(rules):
        raise BadRules()
    Community.objects.select_for_update().get(pk=community.pk)
    if rules_of(community)[1] == rules:
        return False
    made = Rules.objects.create(community=community, rules=rules.as_json(), because=because[:200], at=clock.now(), by=by)
    note("tiers.rules_changed", subject=community.name, community_id=community.pk, version=made.pk, because=because[:200])
    return True


@transaction.atomic
def say(member: Member, word: Word, *, because: str = "", by: Any = None) -> bool:
    """Confirm, decline or release somebody as KOC; whether that is news. Raises `NotACandidate`."""
    community = Community.objects.select_for_update().get(pk=member.community_id)
    progress = Progress.objects.filter(community=community).first()
    standing = Standing.objects.filter(member=member).values_list("tier", flat=True).first() or 0
    last = KocWord.objects.filter(member=member).order_by("-pk").first()
    # A confirmation ends with falling from the core; said again, it is news.
    if last is not None and last.word == word and not (word is Word.CONFIRMED and standing == Tier.CORE):
        return False
    wanted = {Word.CONFIRMED: Tier.CORE, Word.DECLINED: Tier.CORE, Word.RELEASED: Tier.KOC}[word]
    if progress is None or standing != wanted:
        raise NotACandidate()
    KocWord.objects.create(
        community=community, member=member, word=word, day=progress.through, because=because[:200], at=clock.now(), by=by
    )
    note(f"tiers.koc_{word.value}", subject=member.name, community_id=community.pk, because=because[:200])
    if word != Word.DECLINED:
        retell(member)
    return True


@transaction.atomic
def plan_effort(community: Community, shares: list[int]) -> None:
    """Say what part of the time each tier is to get, lowest first, in percent. Raises `BadPlan`."""
    if len(shares) != len(Tier) or sum(shares) != 100 or any(share < 0 for share in shares):
        raise BadPlan()
    known = EffortPlan.objects.filter(community=community).first()
    if known is None or known.shares != shares:
        EffortPlan.objects.update_or_create(community=community, defaults={"shares": shares})
        note("tiers.effort_planned", subject=community.name, community_id=community.pk, shares="/".join(map(str, shares)))
