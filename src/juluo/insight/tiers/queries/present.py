"""Where somebody stands, by which rules."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask
from juluo.record.people.models import Member

from ..measures.walking import candidates, deeds_of
from ..models import KocWord, Progress, Rules, Standing
from ..rules.lines import Day, Step, features, level, next_step, without_replies
from ..types import FEATURES, Features, Line, Rulebook, Tier, Word
from .asking import LONGEST_WINDOW, marks_replies, parameters


def versions(community: Community) -> QuerySet[Rules]:
    """Every version of the rules, the present one first."""
    return Rules.objects.filter(community=community).select_related("by").order_by("-pk")


def rules_of(community: Community) -> tuple[int, Rulebook]:
    """The rules that count, and their number (0: the defaults)."""
    last = Rules.objects.filter(community=community).order_by("-pk").first()
    return (last.pk, Rulebook.from_json(last.rules)) if last else (0, Rulebook())


def as_of(community: Community) -> dt.date | None:
    """The day up to which everybody has been assigned; None before the first time."""
    return Progress.objects.filter(community=community).values_list("through", flat=True).first()


def days_of(community: Community, members: list[int], *, start: dt.date, stop: dt.date) -> dict[int, list[Day]]:
    """What these members did on the days from `start` to before `stop`."""
    rows = ask(community.pk, deeds_of(), tier_members=members, tier_since=start, tier_until=stop).to_pylist()
    found: dict[int, list[Day]] = {member: [] for member in members}
    for row in rows:
        found[row["member"]].append(Day(row["day"], row["messages"], row["replies"], row["reactions"]))
    return found


@dataclass(frozen=True)
class Person:
    """Where one member stands and why."""

    tier: Tier
    since: dt.date | None
    on: dt.date
    have: Features
    line: Line | None  # what it took to come here
    step: Step | None
    level: Tier
    is_candidate: bool
    word: KocWord | None  # the last that was said of them

    @property
    def was_koc(self) -> bool:
        """Confirmed once, and no KOC any more: they fell from the core since."""
        return self.tier is not Tier.KOC and self.word is not None and self.word.word == Word.CONFIRMED


def standing_of(member: Member) -> tuple[Tier, dt.date | None]:
    found = Standing.objects.filter(member=member).first()
    return (Tier(found.tier), found.since) if found else (Tier.POTENTIAL, member.first_seen_on)


def person_of(member: Member) -> Person | None:
    """Where a member stands and why; None before anybody has been assigned."""
    community = member.community
    on = as_of(community)
    if on is None:
        return None
    rules = rules_of(community)[1]
    if not marks_replies(community):
        rules = without_replies(rules)
    tier, since = standing_of(member)
    start, stop = on - dt.timedelta(days=LONGEST_WINDOW), on + dt.timedelta(days=1)
    have = features(days_of(community, [member.pk], start=start, stop=stop)[member.pk], on)
    reached = level(have, rules)
    word = KocWord.objects.filter(member=member).select_related("by").order_by("-pk").first()
    is_candidate = tier is Tier.CORE and reached is Tier.KOC and (word is None or word.word != Word.DECLINED)
    line = rules.line(tier) if tier else None
    return Person(tier, since, on, have, line, next_step(have, tier, rules), reached, is_candidate, word)


def waiting(community: Community) -> list[tuple[Member, Features]]:
    """Core members who meet the line for KOC and of whom nothing has been said yet, or who were KOC and fell, with what they did."""
    on = as_of(community)
    if on is None:
        return []
    values = parameters(rules_of(community)[1], marks_replies=marks_replies(community))
    since, until = on - dt.timedelta(days=LONGEST_WINDOW), on + dt.timedelta(days=1)
    rows = ask(community.pk, candidates(), tier_on=on, tier_since=since, tier_until=until, **values).to_pylist()
    have = {row["member"]: Features(**{name: row[name] for name in FEATURES}) for row in rows}
    told = dict(KocWord.objects.filter(community=community).order_by("pk").values_list("member_id", "word"))
    numbers = [member for member in sorted(have) if told.get(member, Word.CONFIRMED) == Word.CONFIRMED][:100]
    there = Member.objects.filter(community=community, pk__in=numbers, left_on=None)
    return [(member, have[member.pk]) for member in there.order_by("name")]
