"""Finding members and telling what is known of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.types import PersonKind
from juluo.record.events.models import InboxEvent
from juluo.record.events.types import Kind
from juluo.record.lake.queries import ask

from .measures import COMPANY, SPOKEN, TIMELINE, TIMELINE_PAGE
from .models import Channel, Identity, Member, Resemblance

Sort = Literal[
    "-last_seen_on", "last_seen_on", "-messages", "messages", "-active_days", "active_days", "-joined_on", "joined_on", "name", "-name"
]
SORTS: tuple[str, ...] = Sort.__args__  # type: ignore[attr-defined]

COMPANY_DAYS = (30, 90)  # before somebody was last seen; more of them only where the first show too few
LOOKS = (30, 120)  # days of history that a page of a timeline is looked for in, before all of it
MOST_CHANNELS = 20
PAST = date(1970, 1, 1)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Filter:
    """What a list of members is narrowed to. Empty fields narrow nothing."""

    words: str = ""
    kind: str = PersonKind.PERSON
    source: str = ""
    seen_since: date | None = None
    silent_since: date | None = None
    joined_since: date | None = None
    least_messages: int | None = None
    is_present: bool | None = None


def members(community: Community, wanted: Filter, *, sort: str = "-last_seen_on") -> QuerySet[Member]:
    """The members that match, in a total order (ties by id), ready to be cut into pages. `words` look in names, aliases and ids."""
    found = Member.objects.filter(community=community)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.words:
        words = wanted.words.strip()
        known = Identity.objects.filter(member=OuterRef("pk")).filter(
            Q(name__icontains=words) | Q(external_id__iexact=words) | Q(aliases__icontains=words)
        )
        found = found.filter(Q(name__icontains=words) | Exists(known))
    if wanted.source:
        found = found.filter(Exists(Identity.objects.filter(member=OuterRef("pk"), source=wanted.source)))
    if wanted.seen_since:
        found = found.filter(last_seen_on__gte=wanted.seen_since)
    if wanted.silent_since:
        found = found.filter(Q(last_seen_on__lt=wanted.silent_since) | Q(last_seen_on=None))
    if wanted.joined_since:
        found = found.filter(joined_on__gte=wanted.joined_since)
    if wanted.least_messages is not None:
        found = found.filter(messages__gte=wanted.least_messages)
    if wanted.is_present is not None:
        found = found.filter(left_on=None) if wanted.is_present else found.exclude(left_on=None)
    return found.order_by(sort if sort in SORTS else "-last_seen_on", "id")


def sources(community: Community) -> list[str]:
    """The platforms that members of the community are on, by code. A few jumps along an index, however many identities there are."""
    known = Identity.objects.filter(community=community).order_by("source").values_list("source", flat=True)
    found: list[str] = []
    while (following := (known.filter(source__gt=found[-1]) if found else known).first()) is not None:
        found.append(following)
    return found


def actors_of(member: Member) -> list[int]:
    """The lake's numbers of a member's identities."""
    return list(member.identities.values_list("id", flat=True))


@dataclass(frozen=True)
class Moment:
    """One thing a member did, for a timeline."""

    event: int
    at: datetime
    kind: Kind
    channel: str
    text: str
    value: float | None


def timeline(member: Member, *, until: datetime) -> list[Moment]:
    """What the member did before `until`, the latest first, `TIMELINE_PAGE` at most."""
    until = until.astimezone(UTC).replace(tzinfo=None)
    values = {"actors": actors_of(member), "until": until, "stop": until.date() + timedelta(days=2)}
    newest = min(until.date(), member.last_seen_on or until.date())
    oldest = member.first_seen_on - _A_DAY if member.first_seen_on else PAST
    # Most pages are full after a few weeks of history; only then is more of it read.
    for days in (*LOOKS, (newest - oldest).days):
        since = max(oldest, newest - timedelta(days=max(0, days)))
        rows = ask(member.community_id, TIMELINE, **values, since=since).to_pylist()
        if len(rows) == TIMELINE_PAGE or since == oldest:
            break
    names = channel_names(member.community_id, {row["channel"] for row in rows})
    return [
        Moment(row["id"], row["at"].replace(tzinfo=UTC), Kind(row["kind"]), names.get(row["channel"], ""), row["text"] or "", row["value"])
        for row in rows
    ]


@dataclass(frozen=True)
class Spoken:
    """When and where a member speaks: messages by local day, and by channel's name, the favourite first."""

    by_day: dict[date, int]
    by_channel: list[tuple[str, int]]


def spoken(member: Member) -> Spoken:
    """When and where a member speaks, over all of history."""
    rows = ask(member.community_id, SPOKEN, actors=actors_of(member)).to_pylist()
    by_day: Counter[date] = Counter()
    by_channel: Counter[int] = Counter()
    for row in rows:
        by_day[row["day"]] += row["n"]
        by_channel[row["channel"]] += row["n"]
    favourites = sorted(by_channel, key=lambda channel: (-by_channel[channel], channel))[:MOST_CHANNELS]
    names = channel_names(member.community_id, set(favourites))
    return Spoken(dict(by_day), [(names.get(channel, ""), by_channel[channel]) for channel in favourites])


def company(member: Member, *, most: int = 8) -> tuple[list[tuple[Member, int, int]], int]:
    """Whom the member replies to and is answered by: (other, replies given, replies received), the closest first; and in how many days.

    In the last days before the member was last seen, see `COMPANY_DAYS`: it says whom one is close to, not whom one was.
    """
    last, actors = member.last_seen_on or clock.today(member.community.zone), actors_of(member)
    for days in COMPANY_DAYS:
        rows = ask(member.community_id, COMPANY, actors=actors, since=last - timedelta(days=days)).to_pylist()
        if len(rows) >= most:
            break
    others = Member.objects.in_bulk([row["other"] for row in rows])
    closest = sorted((r for r in rows if r["other"] in others), key=lambda r: -(r["given"] + r["received"]))
    return [(others[row["other"]], row["given"], row["received"]) for row in closest[:most]], days


def channel_names(community_id: int, numbers: set[int] | None = None) -> dict[int, str]:
    """Names of channels by number; of all of them when none are given."""
    channels = Channel.objects.filter(community_id=community_id)
    if numbers is not None:
        channels = channels.filter(pk__in=numbers)
    return dict(channels.values_list("id", "name"))


def member_names(community_id: int, members_: set[int]) -> dict[int, str]:
    """Names of members by number."""
    return dict(Member.objects.filter(community_id=community_id, pk__in=members_).values_list("id", "name"))


def resemblances(community: Community) -> QuerySet[Resemblance]:
    """Pairs that wait for an operator's word, the likeliest first."""
    return Resemblance.objects.filter(community=community, dismissed_at=None).select_related("a", "b").order_by("-score", "id")


def has_history(community: Community) -> bool:
    """Whether anything was ever brought in."""
    return Member.objects.filter(community=community).exists() or InboxEvent.objects.filter(community_id=community.pk).exists()
