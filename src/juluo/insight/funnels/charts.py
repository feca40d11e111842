"""A funnel as bars, figures, courses and tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from juluo.kit.charts import Chart, Figure, Series
from juluo.kit.numbers import duration, number, percent
from juluo.kit.tables import Column, Table

from .types import Counts, Part


@dataclass(frozen=True)
class StepRow:
    """A step of the picture: shares are 0–1; `lost` is how many came to the step before and no further."""

    number: int
    title: str
    members: int
    of_first: float | None
    of_previous: float | None
    lost: int
    is_worst: bool
    median: float | None
    p90: float | None

    @property
    def loss(self) -> str:
        """What happened since the step before, in words."""
        if not self.lost:
            return gettext("没有人在这里停下")
        share = percent(1 - (self.of_previous or 0), 1)
        return ngettext("%(n)s 人没有走到下一步（%(share)s）", "%(n)s 人没有走到下一步（%(share)s）", self.lost) % {
            "n": number(self.lost),
            "share": share,
        }

    @property
    def pace(self) -> str:
        """How long it takes from the first step."""
        if self.number == 1 or self.median is None:
            return ""
        return gettext("一半人在 %(median)s内，九成在 %(p90)s内") % {"median": _time(self.median), "p90": _time(self.p90)}


def _time(seconds: float | None) -> str:
    return duration(seconds) + " " if seconds else gettext("同一分钟")


def steps(titles: Sequence[str], counts: Counts) -> list[StepRow]:
    """The bars."""
    reached = counts.reached
    lost = [0, *(reached[n - 1] - reached[n] for n in range(1, len(reached)))]
    most = max(lost)
    rows = []
    for n, title in enumerate(titles):
        is_worst = bool(most) and lost[n] == most and lost.index(most) == n
        of_first, of_previous = _share(reached[n], reached[0]), _share(reached[n], reached[max(0, n - 1)])
        rows.append(StepRow(n + 1, title, reached[n], of_first, of_previous, lost[n], is_worst, counts.median[n], counts.p90[n]))
    return rows


def figures(counts: Counts, before: Counts | None, titles: Sequence[str]) -> list[Figure]:
    """How many began, how many finished, which share that is, and how long it took."""
    first, last = counts.reached[0], counts.reached[-1]
    then = before.reached if before else None
    return [
        Figure(gettext("开始的人"), first, before=then[0] if then else None),
        Figure(gettext("走完的人"), last, before=then[-1] if then else None),
        Figure(gettext("走完率"), _share(last, first), kind="percent", before=_share(then[-1], then[0]) if then else None),
        Figure(
            gettext("走完用时（中位）"),
            counts.median[-1],
            kind="duration",
            before=before.median[-1] if before else None,
            better="down",
        ),
    ]


def course(weeks: Sequence[Part]) -> Chart:
    """How many began each week and which share of them finished; weeks that are not over yet are said to be."""
    labels = [gettext("%(week)s（未完）") % {"week": one.title} if one.is_open else one.title for one in weeks]
    began = [one.counts.reached[0] for one in weeks]
    shares = [_share(one.counts.reached[-1], one.counts.reached[0]) for one in weeks]
    return Chart(
        labels,
        [
            Series(gettext("开始的人"), began, kind="bar", muted=True),
            Series(gettext("走完率"), [None if share is None else round(100 * share, 1) for share in shares], kind="line", right=True),
        ],
        unit=gettext("人"),
        right_unit="%",
    )


def parts(found: Sequence[Part], titles: Sequence[str], heading: str, name: str) -> Table | None:
    """Parts beside each other: how many got to each step, and which share finished."""
    if len(found) < 1 or (len(found) == 1 and name == "channels"):
        return None
    columns = [Column("title", heading)]
    for n, title in enumerate(titles):
        columns.append(Column(f"n{n + 1}", f"{n + 1}. {title}", _reaching(n), kind="number"))
    columns.append(Column("share", gettext("走完率"), lambda part: _share(part.counts.reached[-1], part.counts.reached[0]), kind="percent"))
    return Table(columns, list(found), QueryDict(), name=name, per_page=20, exportable=False)


def _reaching(step: int) -> Callable[[Part], int]:
    return lambda part: part.counts.reached[step]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
