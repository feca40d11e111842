"""Every figure counted again in plain Python, event by event, from its definition in words. Slow and obvious on purpose."""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from typing import Any

from juluo.insight.metrics.types import Calendar, Grain, Period, Who

from .world import Happening, World

SPOKE = "message.created"
ACTS = {
    "message.created",
    "reaction.added",
    "checkin",
    "link.clicked",
    "page.viewed",
    "order.paid",
    "survey.answered",
    "activity.registered",
    "activity.attended",
}
DAY = dt.timedelta(days=1)
PAST = dt.date(1970, 1, 1)


class Recount:
    """A world, who counts in it, and which channels."""

    def __init__(self, world: World, who: Who = Who.PEOPLE, channels: Any = None) -> None:
        self.world, self.who, self.channels = world, who, channels
        self.everything = sorted(world.events, key=lambda e: (e.at, e.id))
        self.counted = [e for e in self.everything if world.kind(e.actor) in who.kinds]
        self.events = [e for e in self.counted if channels is None or e.channel in channels]
        self.acts = [e for e in self.events if e.kind in ACTS]
        self.messages = [e for e in self.events if e.kind == SPOKE]

    def of(self, e: Happening) -> int:
        return self.world.member(e.actor)

    def who_did(self, events: list[Happening], period: Period) -> set[int]:
        return {self.of(e) for e in events if e.day in period}

    # -- speaking --------------------------------------------------------------------------------------------------

    def speaking(self, period: Period) -> dict[str, Any]:
        inside = [e for e in self.events if e.day in period]
        said = [e for e in inside if e.kind == SPOKE]
        per_member = Counter(self.of(e) for e in said)
        reactions = [e for e in inside if e.kind == "reaction.added"]
        marking = {e.source for e in self.everything if e.reply_to is not None}
        return {
            "messages": len(said),
            "speakers": len(per_member),
            "regulars": sum(n >= 5 for n in per_member.values()),
            "markable": sum(e.source in marking for e in said),
            "replies": sum(e.reply_to is not None for e in said),
            "repliers": len({self.of(e) for e in said if e.reply_to is not None}),
            "questions": sum(e.is_question for e in said),
            "reactions": len(reactions),
            "taken_back": sum(e.kind == "reaction.removed" for e in inside),
            "reactors": len({self.of(e) for e in reactions}),
            "active": len(self.who_did(self.acts, period)),
            "joins": sum(e.kind == "member.joined" for e in inside),
            "leaves": sum(e.kind == "member.left" for e in inside),
        }

    def uptake(self, period: Period) -> dict[str, Any]:
        last: dict[int, Happening] = {}
        said = taking_up = 0
        for e in self.everything:
            heard = self.world.kind(e.actor) in {"person", "staff", *self.who.kinds}
            if e.kind != SPOKE or not heard or not (self.channels is None or e.channel in self.channels):
                continue
            place = e.thread or e.channel
            before = last.get(place)
            last[place] = e
            if e.day in period and self.world.kind(e.actor) in self.who.kinds:
                soon = dt.timedelta(days=7) if e.thread else dt.timedelta(minutes=30)
                follows = before is not None and self.of(before) != self.of(e) and e.at - before.at <= soon
                said, taking_up = said + 1, taking_up + (follows or e.reply_to is not None)
        return {"messages": said, "taking_up": taking_up}

    # -- trailing --------------------------------------------------------------------------------------------------

    def trailing(self, events: list[Happening], period: Period) -> dict[str, Any]:
        def active(days: int, until: dt.date) -> int:
            return len(self.who_did(events, Period.trailing(days, until)))

        days = list(period)
        dau, wau, mau = ([active(length, day) for day in days] for length in (1, 7, 30))
        month = [active(1, day) for day in Period.trailing(30, period.last)]
        return {
            "dau": sum(dau) / len(days),
            "wau": wau[-1],
            "mau": mau[-1],
            "stickiness": sum(100 * d / m if m else 0 for d, m in zip(dau, mau, strict=True)) / len(days),
            "weekly_stickiness": sum(100 * d / w if w else 0 for d, w in zip(dau, wau, strict=True)) / len(days),
            "dau_mean_30": sum(month) / 30,
            "dau_mean_30_active": sum(month) / max(1, sum(n > 0 for n in month)),
        }

    def activity(self, period: Period) -> dict[str, Any]:
        return self.trailing(self.acts, period)

    def voice(self, period: Period) -> dict[str, Any]:
        return self.trailing(self.messages, period)

    # -- membership ------------------------------------------------------------------------------------------------

    def is_exit(self, e: Happening) -> bool:
        return e.kind == "member.left" and e.source != "irc"

    def signs(self, community_wide: bool = False) -> list[Happening]:
        spoken_in = {e.channel for e in self.everything if e.kind == SPOKE}
        return [
            e
            for e in self.counted
            if not e.kind.startswith(("touch.", "points.", "channel."))
            and (community_wide or self.channels is None or e.channel in self.channels or (self.is_exit(e) and e.channel not in spoken_in))
        ]

    def entries(self, community_wide: bool = False) -> dict[int, dt.date]:
        signs, found = defaultdict(list), {}
        for e in self.signs(community_wide):
            signs[self.of(e)].append(e)
        listed = {member for member, kind in self.world.people.values() if kind in self.who.kinds}
        if self.channels is not None and not community_wide:
            listed = set()
        for member in signs.keys() | listed:
            mine = sorted(signs[member], key=lambda e: (e.at, self.is_exit(e)))
            found[member] = min(e.day for e in mine) if mine and not self.is_exit(mine[0]) else PAST
        return found

    def timeline(self, member: int, entered: dt.date) -> list[tuple[dt.date, bool]]:
        """(day, inside) after every sign of a member, in order of time, beginning with their entering."""
        mine = sorted((e for e in self.signs() if self.of(e) == member), key=lambda e: (e.at, self.is_exit(e), e.channel))
        spoken_in = {e.channel for e in self.everything if e.kind == SPOKE}
        places = {e.channel for e in mine}
        inside = {mine[0].channel} if mine else {0}
        line = [(entered, True)]
        for e in mine:
            if not self.is_exit(e):
                inside.add(e.channel)
            elif e.channel in spoken_in:
                inside.discard(e.channel)
            else:
                inside -= places
            line.append((e.day, bool(inside)))
        return line

    def membership(self, period: Period) -> dict[str, Any]:
        counts: Counter[str] = Counter()
        for member, entered in self.entries().items():
            line = self.timeline(member, entered)
            before = [inside for day, inside in line if day < period.start]
            during = [inside for day, inside in line if day in period]
            was_in = bool(before) and before[-1]
            is_in = during[-1] if during else was_in
            was_ever_in = was_in or any(during)
            counts["start"] += was_in
            counts["members"] += is_in
            counts["present"] += was_ever_in
            counts["came"] += was_ever_in and not was_in
            counts["gone"] += was_ever_in and not is_in
        counts_ = {name: counts[name] for name in ("start", "members", "present", "came", "gone")}
        return counts_ | {"mean": (counts_["start"] + counts_["members"]) / 2}

    def arrivals(self, period: Period) -> dict[str, Any]:
        return {"new": sum(entered in period for entered in self.entries().values())}

    # -- lifecycle -------------------------------------------------------------------------------------------------

    def lifecycle(self, period: Period, before: Period) -> dict[str, Any]:
        now, then = self.who_did(self.acts, period), self.who_did(self.acts, before)
        entries = self.entries()
        new = {member for member in now - then if entries.get(member, PAST) in period}
        return {
            "new": len(new),
            "returning": len(now & then),
            "resurrected": len(now - then - new),
            "dormant": len(then - now),
        }

    def stays(self, period: Period, stop: dt.date) -> dict[str, Any]:
        counts: Counter[str] = Counter()
        days_of = defaultdict(set)
        for e in self.acts:
            days_of[self.of(e)].add(e.day)
        for member, entered in self.entries().items():
            if entered == PAST:
                continue
            for days in (1, 7, 30):
                if entered + days * DAY not in period:
                    continue
                mine = days_of[member]
                counts[f"came_{days}"] += 1
                counts[f"exact_{days}"] += entered + days * DAY in mine
                counts[f"unbroken_{days}"] += all(entered + n * DAY in mine for n in range(1, days + 1))
                counts[f"later_{days}"] += any(entered + days * DAY <= day < stop for day in mine)
        return {f"{what}_{days}": counts[f"{what}_{days}"] for days in (1, 7, 30) for what in ("came", "exact", "unbroken", "later")}

    def retention(self, calendar: Calendar, cohort: str, how: str) -> dict[tuple[int, int], tuple[int, int]]:
        """(cohort, bucket) → (came back, size), from the definition in words."""
        active = defaultdict(set)
        for e in self.acts:
            if e.day in calendar.period:
                active[calendar.number(e.day)].add(self.of(e))
        numbers = calendar.numbers
        if cohort == "active":
            cohorts = {number: active[number] for number in numbers}
        else:
            entries = self.entries()
            cohorts = {
                number: {m for m, day in entries.items() if day in calendar.period and calendar.number(day) == number} for number in numbers
            }
        found = {}
        for first in numbers:
            for number in range(first, numbers.stop):
                match how:
                    case "exact":
                        back = active[number]
                    case "unbroken":
                        back = set.intersection(*(active[n] for n in range(first, number + 1)))
                    case _:
                        back = set.union(*(active[n] for n in range(number, numbers.stop)))
                found[first, number] = (len(cohorts[first] & back), len(cohorts[first]))
        return found

    # -- newcomers -------------------------------------------------------------------------------------------------

    def first_words(self, period: Period) -> dict[str, Any]:
        counts: Counter[str] = Counter()
        entries = self.entries(community_wide=True)
        signs = defaultdict(list)
        for e in self.signs(community_wide=True):
            signs[self.of(e)].append(e)
        for member, mine in signs.items():
            joins = [e for e in mine if e.kind == "member.joined"]
            if not joins or min(e.at for e in joins) > min(e.at for e in mine) or entries[member] != min(e.day for e in mine):
                continue
            joined_at = min(e.at for e in joins)
            words = [e.at for e in self.messages if self.of(e) == member]
            for days in (1, 7):
                if entries[member] + days * DAY in period:
                    counts[f"came_{days}"] += 1
                    counts[f"spoke_{days}"] += bool(words) and min(words) - joined_at <= days * DAY
        return {name: counts[name] for name in ("came_1", "spoke_1", "came_7", "spoke_7")}

    def seniority(self, period: Period) -> dict[str, Any]:
        entries = self.entries(community_wide=True)

        def is_fresh(e: Happening) -> bool:
            return entries[self.of(e)] != PAST and e.day - entries[self.of(e)] < 30 * DAY

        said = [e for e in self.messages if e.day in period]
        fresh = [e for e in said if is_fresh(e)]
        return {
            "newcomer_messages": len(fresh),
            "messages": len(said),
            "newcomer_speakers": len({self.of(e) for e in fresh}),
            "speakers": len({self.of(e) for e in said}),
        }

    # -- questions -------------------------------------------------------------------------------------------------

    def waits(self, period: Period, until: dt.date) -> list[tuple[Happening, float | None]]:
        """Every question of the period with the seconds until its answer."""
        talk = [
            e
            for e in self.everything
            if e.kind == SPOKE
            and (self.world.kind(e.actor) != "bot" or "bot" in self.who.kinds)
            and (self.channels is None or e.channel in self.channels)
            and e.day < until
        ]
        found = []
        for q in talk:
            if not (q.is_question and q.day in period and self.world.kind(q.actor) in self.who.kinds):
                continue
            others = [e for e in talk if self.of(e) != self.of(q)]
            waits = [(e.at - q.at).total_seconds() for e in others if e.reply_to == q.id and e.at >= q.at]
            waits = [wait for wait in waits if wait <= 7 * 86_400]
            place = q.thread if q.thread is not None else q.channel
            after = [e for e in others if (e.thread if e.thread is not None else e.channel) == place and (e.at, e.id) > (q.at, q.id)]
            if after:
                wait = (after[0].at - q.at).total_seconds()
                waits += [wait] if wait <= (7 * 86_400 if q.thread is not None else 1800) else []
            found.append((q, min(waits, default=None)))
        return found

    def answers(self, period: Period, until: dt.date) -> dict[str, Any]:
        waits = self.waits(period, until)
        minutes = [wait / 60 for _q, wait in waits if wait is not None]
        office = [(q, wait) for q, wait in waits if 9 <= q.hour < 18 and q.day.weekday() < 5]
        office_minutes = [wait / 60 for _q, wait in office if wait is not None]
        return {
            "asked": len(waits),
            "answered": len(minutes),
            "unanswered": len(waits) - len(minutes),
            "minutes": quantile(minutes, 0.5),
            "minutes_p90": quantile(minutes, 0.9),
            "asked_office": len(office),
            "answered_office": len(office_minutes),
            "minutes_office": quantile(office_minutes, 0.5),
            "minutes_office_p90": quantile(office_minutes, 0.9),
        }

    # -- spread and mood -------------------------------------------------------------------------------------------

    def spread(self, period: Period) -> dict[str, Any]:
        done = sorted(Counter(self.of(e) for e in self.messages if e.day in period).values())
        return {
            "speakers": len(done),
            "messages": sum(done),
            "gini": gini(done),
            "uneven": (gini(done) or 0) * len(done),
            "absence_factor": absence_factor(done, 0.5),
            "absence_factor_51": absence_factor(done, 0.51),
            "top_tenth": 100 * sum(done[::-1][: max(1, len(done) // 10)]) / sum(done) if done else None,
        }

    def moods(self, period: Period) -> dict[str, Any]:
        said = [e for e in self.messages if e.day in period]
        return {"read": len(said), "positive": sum(e.mood > 0 for e in said), "negative": sum(e.mood < 0 for e in said)}

    # -- tables ----------------------------------------------------------------------------------------------------

    def heat(self, period: Period) -> dict[tuple[int, int], tuple[int, int]]:
        cells = defaultdict(list)
        for e in self.messages:
            if e.day in period:
                cells[e.day.weekday(), e.hour].append(self.of(e))
        return {cell: (len(members), len(set(members))) for cell, members in cells.items()}

    def by_channel(self, period: Period) -> dict[int, int]:
        return Counter(e.channel for e in self.messages if e.day in period)

    def by_kind(self, period: Period) -> dict[str, int]:
        return Counter(e.kind for e in self.events if e.day in period)

    def by_member(self, period: Period) -> dict[int, int]:
        return Counter(self.of(e) for e in self.messages if e.day in period)

    def quiet(self, period: Period) -> set[int]:
        lately = self.who_did(self.acts, Period(period.start - 30 * DAY, period.start))
        return lately - self.who_did(self.acts, period)

    def unanswered(self, period: Period) -> set[int]:
        return {q.id for q, wait in self.waits(period, period.stop + 8 * DAY) if wait is None}

    def newcomers(self, period: Period) -> set[tuple[int, dt.date]]:
        return {(member, day) for member, day in self.entries(community_wide=True).items() if day in period}

    def graph(self, period: Period) -> dict[tuple[int, int], int]:
        by_id = {e.id: e for e in self.messages if period.start - 30 * DAY <= e.day < period.stop}
        edges: Counter[tuple[int, int]] = Counter()
        last: dict[int, Happening] = {}
        for e in self.messages:
            if e.day not in period:
                continue
            place = e.thread if e.thread is not None else e.channel
            earlier, last[place] = last.get(place), e
            if e.reply_to is not None:
                if e.reply_to in by_id and self.of(by_id[e.reply_to]) != self.of(e):
                    edges[self.of(e), self.of(by_id[e.reply_to])] += 1
            elif earlier and self.of(earlier) != self.of(e):
                patience = 7 * 86_400 if e.thread is not None else 1800
                edges[self.of(e), self.of(earlier)] += (e.at - earlier.at).total_seconds() <= patience
        return {pair: times for pair, times in edges.items() if times}

    def topics(self, period: Period) -> dict[str, tuple[int, int, int, int]]:
        def said(term: str, when: Period) -> tuple[int, int]:
            members = [self.of(e) for e in self.messages if e.day in when and term in e.terms]
            return len(members), len(set(members))

        terms = {term for e in self.messages for term in e.terms}
        found = {term: (*said(term, period), *said(term, period.before())) for term in terms}
        return {term: counts for term, counts in found.items() if counts[0]}


def quantile(values: list[float], share: float) -> float | None:
    """The inclusive quantile, interpolated between neighbours."""
    if len(values) < 2:
        return values[0] if values else None
    if share == 0.5:
        return statistics.median(values)
    return statistics.quantiles(values, n=10, method="inclusive")[8]


def gini(done: list[int]) -> float | None:
    """Half the mean absolute difference, relative to the mean."""
    if not sum(done):
        return None
    differences = sum(abs(a - b) for a in done for b in done)
    return differences / (2 * len(done) * sum(done))


def absence_factor(done: list[int], share: float) -> int | None:
    if not done:
        return None
    for count in range(1, len(done) + 1):
        if sum(sorted(done, reverse=True)[:count]) >= share * sum(done):
            return count
    return len(done)


def before(calendar: Calendar, number: int) -> Period:
    """The bucket before, all of it."""
    if calendar.grain is Grain.WHOLE:
        return calendar.bucket(number).before()
    inside = calendar.bucket(number)
    whole = Calendar(calendar.grain, Period(inside.start - 40 * DAY, inside.stop))
    return whole.bucket(number - 1)
