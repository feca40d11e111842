"""Does a member's own rhythm tell better than a fixed number of days who has gone?

    python -m benchmarks.silence

Histories are cut at a day every four weeks. Before the cut both rules see the history and name members who seem to be gone; the weeks
after the cut, held back, tell who was. Real communities: gone is who does nothing in the eight weeks after the cut. The sandbox
knows the truth: gone is who had churned by the cut. Members count with at least four (regulars: 48) active days in the year before the
cut and at most 90 days of silence. "As many" takes those with the greatest chance of staying away, as many as the fixed number of days
names. Writes the tables of docs/silence.md to standard output.
"""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from juluo.insight.value.rules import alarm, silence

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
YEAR, EVERY, CUTS = 365, 28, 26
LEAST = {"all": silence.FEWEST_DAYS, "regulars": 48}
# The first two were looked at while the model was made, the others when it stood but for how much a long history may say.
CHATS = {
    "raku (IRC)": "raku.tar.xz",
    "lean (Zulip)": "lean_zulip_2018_2021.jsonl.gz",
    "raku-beginner (IRC)": "raku-beginner.tar.xz",
    "cro (IRC)": "cro.tar.xz",
    "appium (Gitter)": "gitter_appium/appium.txt.xz",
}


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


@dataclass
class Told:
    """What was told of each member at each cut, and whether they were gone."""

    silent: np.ndarray
    odds: np.ndarray
    away: np.ndarray
    gone: np.ndarray
    is_regular: np.ndarray
    cuts: int

    def of(self, who: str) -> "Told":
        """Those of a row of `LEAST`."""
        some = self.is_regular if who == "regulars" else np.ones(self.gone.size, bool)
        return Told(self.silent[some], self.odds[some], self.away[some], self.gone[some], self.is_regular[some], self.cuts)


def told(history: History) -> Told:
    """Every cut of a history."""
    first, last = int(history.day.min()), int(history.day.max())
    ends = list(range(last - silence.AHEAD, first + min(YEAR // 2, (last - first) // 3), -EVERY))[:CUTS]
    parts = []
    for cut in ends:
        known = sums(history, cut)
        names = ("n", "total", "squares", "silent")
        seen = known["silent"] < YEAR
        usual = silence.usual(*(known[name][seen] for name in names))
        counts = np.flatnonzero((known["n"] >= silence.FEWEST_DAYS - 1) & (known["silent"] <= silence.FRESH))
        n, total, squares, silent = (known[name][counts] for name in names)
        if history.churned is None:
            back = np.zeros(known["n"].size, bool)
            back[history.member[(history.day > cut) & (history.day <= cut + silence.AHEAD)]] = True
            gone = ~back[counts]
        else:
            gone = history.churned[counts] <= cut
        odds, away = usual.odds(n, total, squares, silent), usual.away(n, total, squares, silent)
        parts.append((silent, odds, away, gone, n >= LEAST["regulars"] - 1))
    silent, odds, away, gone, is_regular = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Told(silent, odds, away, gone, is_regular, len(ends))


def rows(found: Told) -> Iterator[tuple[str, alarm.Tried]]:
    """Each fixed number of days, with as many of those by their own rhythm below it; then the rule as it is in use, and its like."""
    surest = np.argsort(-found.away, kind="stable")
    for days in alarm.FIXED:
        fixed = alarm.tried(alarm.Rule(days), found.silent, found.odds, found.away, found.gone)
        yield f"fixed {days} days", fixed
        hits = int(found.gone[surest[: fixed.alarms]].sum())
        yield "own rhythm, as many", alarm.Tried(None, fixed.alarms, hits, fixed.gone)
    own, fixed = alarm.proof(found.silent, found.odds, found.away, found.gone)[:2]
    yield f"fixed {fixed.days} days (as many as the next)", fixed
    yield "**own rhythm, more likely gone than not**", own


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

    for name, file in CHATS.items():
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
    from sklearn.metrics import roc_auc_score

    alarms = ["| community | rule | alarms | precision | recall | F1 |", "|---|---|---:|---:|---:|---:|"]
    ranks = ["| community | members and cuts | gone | said on average | AUC days of silence | AUC own rhythm |"]
    ranks.append("|---|---:|---:|---:|---:|---:|")
    for history in histories():
        every = told(history)
        for who in LEAST:
            found = every.of(who)
            if min(found.gone.sum(), (~found.gone).sum()) < 10:
                continue  # too few to say anything
            name = f"{history.name}, {who}"
            by_days, by_rhythm = (roc_auc_score(found.gone, rank) for rank in (found.silent, found.away))
            share = f"{found.gone.mean():.1%} | {found.away.mean():.1%}"
            ranks.append(f"| {name} | {found.gone.size:,} in {found.cuts} | {share} | {by_days:.3f} | {by_rhythm:.3f} |")
            for rule, one in rows(found):
                alarms.append(f"| {name} | {rule} | {one.alarms:,} | {one.precision:.3f} | {one.recall:.3f} | {one.f1:.3f} |")
    print("\n".join([*ranks, "", *alarms]))


if __name__ == "__main__":
    main()
