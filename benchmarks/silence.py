"""Is a silence out of character a better alarm than a fixed number of days?

    python -m benchmarks.silence

Histories are cut at a day every four weeks. Before the cut both rules see the history and name members who seem to be leaving; the weeks
after the cut, held back, tell who was. Real communities: gone is who does nothing in the eight weeks after the cut. The sandbox
knows the truth: gone is who had churned by the cut. Members count with at least four (regulars: 48) active days in the year before the
cut and at most 90 days of silence. Writes the table of docs/silence.md to standard output.
"""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from juluo.insight.value.rules import silence

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
YEAR, HELD, EVERY, FRESH, CUTS = 365, 56, 28, 90, 26
FIXED = (7, 14, 30)
LEAST = {"all": silence.FEWEST_DAYS, "regulars": 48}


@dataclass
class History:
    """Active days, one row each and sorted by member: member number and day number. `churned` by member number, nan for never, or None."""

    name: str
    member: np.ndarray
    day: np.ndarray
    churned: np.ndarray | None = None


def sums(history: History, cut: int) -> dict[str, np.ndarray]:
    """What the rules know at the end of day `cut`, as `measures.standing.rhythm` counts it."""
    seen = (history.day <= cut) & (history.day > cut - YEAR)
    member, day = history.member[seen], history.day[seen]
    size = int(history.member.max()) + 1
    same = member[1:] == member[:-1]
    logs, whose = np.log((day[1:] - day[:-1])[same].astype(float)), member[1:][same]
    last = np.full(size, -(10**6))
    np.maximum.at(last, member, day)
    return {
        "n": np.bincount(whose, minlength=size).astype(float),
        "total": np.bincount(whose, logs, size),
        "squares": np.bincount(whose, logs**2, size),
        "last": last,
        "silent": cut - last,
    }


def measured(history: History, least: int) -> Iterator[tuple[str, int, float, float, float, float]]:
    """(rule, alarms, precision, recall, F1, median days of silence at the first alarm for those who were gone for good)."""
    first, last = int(history.day.min()), int(history.day.max())
    ends = list(range(last - HELD, first + min(YEAR // 2, (last - first) // 3), -EVERY))[:CUTS]
    silent, odds, gone = [], [], []
    for cut in ends:
        known = sums(history, cut)
        counts = np.flatnonzero((known["n"] >= least - 1) & (known["silent"] <= FRESH))
        told = [known[name][counts] for name in ("n", "total", "squares")]
        usual = silence.usual(*(known[name] for name in ("n", "total", "squares")))
        silent.append(known["silent"][counts])
        odds.append(usual.odds(*told, known["silent"][counts]))
        if history.churned is None:
            back = np.zeros(known["n"].size, bool)
            back[history.member[(history.day > cut) & (history.day <= cut + HELD)]] = True
            gone.append(~back[counts])
        else:
            gone.append(history.churned[counts] <= cut)
    silent_, odds_, gone_ = np.concatenate(silent), np.concatenate(odds), np.concatenate(gone)
    waited = alarm_days(history, last, least)
    alarms = odds_ < silence.RARE
    same = int(np.sort(silent_)[::-1][max(0, int(alarms.sum()) - 1)])
    rules = [(f"fixed {days} days", silent_ >= days, float(days)) for days in FIXED]
    rules.append((f"fixed {same} days (as many alarms)", silent_ >= same, float(same)))
    rules.append(("own rhythm, odds < 5 %", alarms, float(np.median(waited)) if waited.size else np.nan))
    for name, alarm, wait in rules:
        hits = int((alarm & gone_).sum())
        precision, recall = hits / max(1, int(alarm.sum())), hits / max(1, int(gone_.sum()))
        yield name, int(alarm.sum()), precision, recall, 2 * precision * recall / max(1e-9, precision + recall), wait


def alarm_days(history: History, last: int, least: int) -> np.ndarray:
    """For members who were never seen again (or had churned): the days of silence after which their rhythm gives the alarm."""
    size = int(history.member.max()) + 1
    ended = np.full(size, -(10**6))
    np.maximum.at(ended, history.member, history.day)
    gone = (ended > 0) & ((ended if history.churned is None else history.churned) <= last - FRESH)
    known = sums(history, last - FRESH)
    usual = silence.usual(*(known[name] for name in ("n", "total", "squares")))
    waits = []
    for member in np.flatnonzero(gone):
        mine = history.day[history.member == member]
        gaps = np.log(np.diff(mine[mine > mine[-1] - YEAR]).astype(float))
        if gaps.size >= least - 1:
            odds = usual.odds(gaps.size, gaps.sum(), (gaps**2).sum(), np.arange(1, FRESH + 1))
            waits.append(int(np.argmax(odds < silence.RARE)) + 1 if (odds < silence.RARE).any() else FRESH)
    return np.array(waits)


def of_events(name: str, items: Iterable, churned: dict[str, dt.date | None] | None = None) -> History:
    """The active days of an export's persons."""
    from juluo.insight.metrics.measures.base import ACTS
    from juluo.record.connectors.types import Person, PersonKind
    from juluo.record.events.types import Event

    acts, numbers, left_out, days = frozenset(ACTS), {}, set(), set()
    for item in items:
        if isinstance(item, Event):
            if item.kind.value in acts:
                number = numbers.setdefault((item.source, item.actor), len(numbers))
                days.add((number, item.at // 86_400_000_000))
        elif isinstance(item, Person) and item.kind in (PersonKind.BOT, PersonKind.STAFF):
            left_out.add((item.source, item.external_id))
    dropped = {numbers[who] for who in left_out if who in numbers}
    rows = np.array(sorted(row for row in days if row[0] not in dropped))
    truth = None
    if churned is not None:
        truth = np.full(len(numbers), np.inf)
        for (_source, who), number in numbers.items():
            if (day := churned.get(who)) is not None:
                truth[number] = (day - dt.date(1970, 1, 1)).days
    return History(name, rows[:, 0], rows[:, 1], truth)


def histories() -> Iterator[History]:
    from juluo.kit.archive import open_pack
    from juluo.record.connectors.adapters.sandbox.export import export
    from juluo.record.connectors.adapters.sandbox.recipes import sample
    from juluo.record.connectors.adapters.sandbox.truth import truth
    from juluo.record.connectors.queries import recognise
    from juluo.record.connectors.registry import readers

    def read(path: Path) -> Iterator:
        with open_pack(path) as pack:
            plan = recognise(pack)[0]
            answers = {question.code: question.default for question in plan.questions if question.default is not None}
            yield from readers[plan.reader].read(pack, {"zone": "UTC"} | answers)

    for name, file in (("raku (IRC)", "raku.tar.xz"), ("lean (Zulip)", "lean_zulip_2018_2021.jsonl.gz")):
        if (DATA / "chat" / file).exists():
            yield of_events(name, read(DATA / "chat" / file))
    recipe = sample(end=dt.date(2026, 6, 30))
    known = truth(recipe)
    with tempfile.TemporaryDirectory() as folder:
        path = export(recipe, Path(folder) / "sample.zip")
        yield of_events("sandbox (truth known)", read(path), {who: known[who].churned_on for who in known})


def main() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print("| community | rule | alarms | precision | recall | F1 | days of silence at the alarm |\n|---|---|---:|---:|---:|---:|---:|")
    for history in histories():
        for who, least in LEAST.items():
            for rule, alarms, precision, recall, f1, wait in measured(history, least):
                print(
                    f"| {history.name}, {who} | {rule} | {alarms:,} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {wait:.0f} |", flush=True
                )


if __name__ == "__main__":
    main()
