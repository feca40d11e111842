"""Every piece of evidence counted again in plain Python, message by message, from its definition in words. Slow and obvious on purpose."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from juluo.insight.metrics.tests.world import Happening, World

SPOKE, REACTED = "message.created", "reaction.added"
DAY = dt.timedelta(days=1)
NEARBY, WEEK = dt.timedelta(minutes=30), dt.timedelta(days=7)
THANKS = ("谢谢", "感谢", "thanks", "thx")


@dataclass
class Town(World):
    """A world whose messages have texts and whose reactions have targets."""

    texts: dict[int, str] = field(default_factory=dict)
    targets: dict[int, int] = field(default_factory=dict)
    emoji: dict[int, str] = field(default_factory=dict)

    def tables(self) -> dict[str, pa.Table]:
        found = super().tables()
        events = found["events"]
        for name, known in (("text", self.texts), ("target", self.targets), ("props", self.emoji)):
            kind = events.schema.field(name)
            values = pa.array([known.get(number) for number in events["id"].to_pylist()], kind.type)
            events = events.set_column(events.schema.get_field_index(name), kind, values)
        return found | {"events": events}


class Recount:
    """A town, looked at for the days from `start` to before `stop`."""

    def __init__(self, town: Town, start: dt.date, stop: dt.date) -> None:
        self.town, self.start, self.stop = town, start, stop
        self.everything = sorted(town.events, key=lambda e: (e.at, e.id))
        self.inside = [e for e in self.everything if start <= e.day < stop]
        self.talk = [e for e in self.inside if e.kind == SPOKE and self.kind(e) in ("person", "staff")]
        self.settled_on = min((e.day for e in self.everything), default=start) + 30 * DAY

    def kind(self, e: Happening) -> str:
        return self.town.kind(e.actor)

    def of(self, e: Happening) -> int:
        return self.town.member(e.actor)

    def is_person(self, e: Happening) -> bool:
        return self.kind(e) == "person"

    def place(self, e: Happening) -> int:
        return e.channel if e.thread is None else e.thread

    # -- newcomers ----------------------------------------------------------------------------------------------------

    def newcomers(self) -> dict[int, dt.date]:
        traces = defaultdict(list)
        for e in self.everything:
            if self.is_person(e) and not e.kind.startswith(("touch.", "points.", "channel.")):
                traces[self.of(e)].append(e)
        found = {}
        for member, mine in traces.items():
            exits = [e.at for e in mine if e.kind == "member.left" and e.source != "irc"]
            there = [e.at for e in mine if not (e.kind == "member.left" and e.source != "irc")]
            joins = [e.at for e in mine if e.kind == "member.joined"]
            first, first_on = min(e.at for e in mine), min(e.day for e in mine)
            came = bool(there) and (not exits or min(there) <= min(exits))
            joined = bool(joins) and min(joins) <= first
            if came and (joined or first_on >= self.settled_on):
                found[member] = first_on
        return found

    # -- answers ------------------------------------------------------------------------------------------------------

    def answers(self) -> dict[int, dict[str, Any]]:
        """By the number of the answer."""
        found: dict[int, dict[str, Any]] = {}
        questions = [e for e in self.talk if e.is_question and self.is_person(e)]
        for q in questions:
            replies = [
                e
                for e in self.talk
                if e.reply_to == q.id and self.of(e) != self.of(q) and e.at >= q.at and (e.at - q.at).total_seconds() <= 7 * 86_400
            ]
            met = set()
            for e in replies:
                if self.is_person(e) and self.of(e) not in met:
                    met.add(self.of(e))
                    found[e.id] = self.answer(q, e)
            if replies:
                continue
            there = [e for e in self.talk if self.place(e) == self.place(q)]
            after = there[there.index(q) + 1 :]
            nexts = [e for e in after if self.of(e) != self.of(q)]
            if not nexts:
                continue
            e = nexts[0]
            run = after[: after.index(e)]
            is_last = not any(
                m.is_question and self.is_person(m) and not any(r.reply_to == m.id and self.counts_as_reply(m, r) for r in self.talk)
                for m in run
            )
            patience = WEEK if q.thread is not None else NEARBY
            near = int((e.at - q.at).total_seconds()) <= patience.total_seconds()
            if is_last and near and self.is_person(e) and e.reply_to is None and not e.is_question:
                found[e.id] = self.answer(q, e)
        return self.thanked_once(found)

    def thanked_once(self, found: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Of several answers of a helper with the same thanks, the last one has them."""
        at = {e.id: e.at for e in self.inside}
        latest = {(found[number]["thanks"], found[number]["member"]): number for number in sorted(found, key=lambda one: (at[one], one))}
        for number, row in found.items():
            if row["thanks"] is not None and latest[row["thanks"], row["member"]] != number:
                row["thanks"] = None
            row["thanked"] = row["thanks"] is not None or row.pop("liked")
            row.pop("liked", None)
        return found

    def counts_as_reply(self, q: Happening, e: Happening) -> bool:
        return self.of(e) != self.of(q) and e.at >= q.at and (e.at - q.at).total_seconds() <= 7 * 86_400

    def answer(self, q: Happening, e: Happening) -> dict[str, Any]:
        came = self.newcomers().get(self.of(q))
        soon = [m for m in self.inside if dt.timedelta() < m.at - e.at and int((m.at - e.at).total_seconds()) <= 86_400]
        by_asker = [m for m in soon if m.kind == SPOKE and self.is_person(m) and self.of(m) == self.of(q)]
        thanks = [m for m in by_asker if any(word in self.town.texts.get(m.id, "").lower() for word in THANKS)]
        meant = [m for m in thanks if (self.addressee(m) or (self.of(e) if self.place(m) == self.place(q) else None)) == self.of(e)]
        liked = any(
            r.kind == REACTED
            and self.is_person(r)
            and self.of(r) == self.of(q)
            and self.town.targets.get(r.id) == e.id
            and dt.timedelta() <= r.at - e.at
            and int((r.at - e.at).total_seconds()) <= 7 * 86_400
            and "👎" not in self.town.emoji.get(r.id, "")
            for r in self.inside
        )
        again = [m for m in by_asker if m.is_question and self.place(m) == self.place(q)]
        return {
            "member": self.of(e),
            "asker": self.of(q),
            "question": q.id,
            "fresh": came is not None and (e.day - came).days < 30,
            "liked": liked,
            "thanks": min(meant, key=lambda m: (m.at, m.id)).id if meant else None,
            "settled": not again,
        }

    def addressee(self, m: Happening) -> int | None:
        told = [e for e in self.everything if e.id == m.reply_to and e.kind == SPOKE and self.start - 30 * DAY <= e.day < self.stop]
        return self.of(told[0]) if told else None

    # -- the rest -----------------------------------------------------------------------------------------------------

    def takings(self) -> list[tuple[Happening, int, bool]]:
        """Each message of a person that takes up another's word: it, whose word, and whether that was a question."""
        last: dict[int, Happening] = {}
        found = []
        for e in filter(self.is_person, self.talk):  # what the team says stands between nobody
            before = last.get(self.place(e))
            last[self.place(e)] = e
            if e.reply_to is not None:
                told = [
                    m
                    for m in self.everything
                    if m.id == e.reply_to and m.kind == SPOKE and self.is_person(m) and self.start - 30 * DAY <= m.day < self.stop
                ]
                if told and self.of(told[0]) != self.of(e):
                    found.append((e, self.of(told[0]), told[0].is_question))
            elif before is not None and self.of(before) != self.of(e):
                patience = WEEK if e.thread is not None else NEARBY
                if int((e.at - before.at).total_seconds()) <= patience.total_seconds():
                    found.append((e, self.of(before), before.is_question))
        return found

    def flows(self) -> dict[tuple[int, int], int]:
        found: dict[tuple[int, int], int] = defaultdict(int)
        for e, other, was_question in self.takings():
            found[(other, self.of(e)) if was_question else (self.of(e), other)] += 1
        return dict(found)

    def firsts(self) -> set[tuple[int, int]]:
        came = {member: day for member, day in self.newcomers().items() if self.start <= day < self.stop}
        found, met = set(), set()
        for e, other, _was_question in sorted(self.takings(), key=lambda one: (one[0].at, one[0].id)):
            if other in came and other not in met:
                met.add(other)
                if (e.day - came[other]).days < 30:
                    found.add((self.of(e), other))
        return found

    def moods(self) -> dict[int, tuple[int, int, int]]:
        found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        for e, other, _was_question in self.takings():
            found[other][0] += 1
            found[other][1] += e.mood > 0
            found[other][2] += e.mood < 0
        return {member: (n, good, bad) for member, (n, good, bad) in found.items()}

    def weeks(self) -> dict[int, tuple[int, int, int]]:
        """Messages, weeks, and the longest run of weeks."""
        said: dict[int, list[int]] = defaultdict(list)
        for e in self.inside:
            if e.kind == SPOKE and self.is_person(e):
                said[self.of(e)].append(((self.stop - e.day).days - 1) // 7)
        found = {}
        for member, numbers in said.items():
            weeks = set(numbers)
            longest = max(next(n for n in range(1, 99) if week + n not in weeks) for week in weeks)
            found[member] = (len(numbers), len(weeks), longest)
        return found


def pagerank(edges: dict[tuple[int, int], int], size: int) -> list[float]:
    """By the definition, turn by turn."""
    now = [1.0] * size
    given: dict[int, int] = defaultdict(int)
    for (giver, _taker), times in edges.items():
        given[giver] += times
    for _ in range(300):
        idle = sum(now[one] for one in range(size) if not given[one]) / size
        after = [0.15 + 0.85 * idle for _one in range(size)]
        for (giver, taker), times in edges.items():
            after[taker] += 0.85 * now[giver] * times / given[giver]
        now = after
    return now
