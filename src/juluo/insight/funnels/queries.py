"""Who takes the steps of a funnel. Pages, programs and rooms above ask here."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, overload

import ibis
from django.core.cache import cache
from django.utils.translation import gettext, pgettext
from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries.asking import History, history_of, key_of
from juluo.insight.segments import queries as segments
from juluo.kit.errors import N_
from juluo.record.events.types import Kind
from juluo.record.lake.queries import ask, revision
from juluo.record.lake.tables import DAILY
from juluo.record.people.queries import channel_names, member_names

from . import measures
from .errors import FunnelRefused, NoSuchFunnel
from .models import Funnel
from .rules import problems as plain_problems
from .types import STEP_NAMES, Counts, Part, Passive, Path, Problem, Span, Step

Row = dict[str, Any]
MOST_CHANNELS, MOST_SEGMENTS = 12, 8
AT_ONCE = 20_000
REMEMBERED = 1_000  # rows of an answer that is kept
_BY_CHANNEL = DAILY.group_by("kind", "channel", "source").agg(n=DAILY.n.sum(), replies=DAILY.replies.sum())


# -- saved ones ----------------------------------------------------------------------------------------------------


def funnels(community: Community) -> list[Funnel]:
    """The saved ones, by name."""
    return list(Funnel.objects.filter(community=community).select_related("created_by"))


def funnel(community: Community, code: str) -> Funnel:
    """A saved one by its code. Raises `NoSuchFunnel`."""
    found = Funnel.objects.filter(community=community, code=code).select_related("created_by").first()
    if found is None:
        raise NoSuchFunnel()
    return found


@dataclass(frozen=True)
class Ready:
    """A funnel to begin with."""

    code: str
    name: str
    path: Path


_SAID, _JOINED = Kind.MESSAGE_CREATED, Kind.MEMBER_JOINED
READY = (
    Ready("first-words", N_("入群 → 首次发言 → 7 天内再发言"), Path((Step(_JOINED), Step(_SAID, is_first=True), Step(_SAID)), 7)),
    Ready("speak-again", N_("首次发言 → 再发言 → 第三次发言"), Path((Step(_SAID, is_first=True), Step(_SAID), Step(_SAID)), 14)),
    Ready("replied-again", N_("首次发言 → 收到回复 → 再发言"), Path((Step(_SAID, is_first=True), Step(Passive.REPLIED), Step(_SAID)), 7)),
    Ready("join-order", N_("加入 → 签到 → 下单"), Path((Step(_JOINED), Step(Kind.CHECKIN), Step(Kind.ORDER_PAID)), 30)),
    Ready(
        "speak-order", N_("首次发言 → 下单 → 再下单"), Path((Step(_SAID, is_first=True), Step(Kind.ORDER_PAID), Step(Kind.ORDER_PAID)), 90)
    ),
    Ready(
        "activity", N_("报名活动 → 参加活动 → 发言"), Path((Step(Kind.ACTIVITY_REGISTERED), Step(Kind.ACTIVITY_ATTENDED), Step(_SAID)), 30)
    ),
    Ready("touch", N_("收到触达 → 打开触达 → 发言"), Path((Step(Kind.TOUCH_SENT), Step(Kind.TOUCH_OPENED), Step(_SAID)), 7)),
    Ready("link-order", N_("点开链接 → 下单"), Path((Step(Kind.LINK_CLICKED), Step(Kind.ORDER_PAID)), 7)),
    Ready("react-speak", N_("首次表态 → 首次发言"), Path((Step(Kind.REACTION_ADDED, is_first=True), Step(_SAID, is_first=True)), 30)),
)


def ready(community: Community) -> list[Ready]:
    """The ready-made ones whose events this community has."""
    kinds = known(community)
    return [one for one in READY if all(step.kind.value in kinds for step in one.path.steps)]


def known(community: Community) -> frozenset[str]:
    """The kinds of step that this community's history can tell."""
    history = history_of(community.pk)
    return history.kinds | ({Passive.REPLIED.value} if history.marking else frozenset())


# -- words ---------------------------------------------------------------------------------------------------------


def step_words(step: Step, channels: dict[int, str]) -> str:
    """What a step is called: "首次发言（茶馆；含“退款”）"."""
    kind = gettext(STEP_NAMES[step.kind])
    name = pgettext("funnel", "首次%(kind)s") % {"kind": kind} if step.is_first else kind
    more = []
    if step.channels:
        named = [channels.get(number, gettext("已不在的群")) for number in step.channels[:3]]
        more.append(gettext("、").join(named) + ("…" if len(step.channels) > 3 else ""))
    if step.text:
        more.append(gettext("含“%(text)s”") % {"text": step.text})
    if step.at_least is not None:
        more.append(gettext("至少 %(value)s") % {"value": f"{step.at_least:g}"})
    return gettext("%(name)s（%(more)s）") % {"name": name, "more": gettext("；").join(more)} if more else name


def words(community: Community, path: Path) -> list[str]:
    """What the steps are called."""
    known = channel_names(community.pk, {number for step in path.steps for number in step.channels})
    return [step_words(step, known) for step in path.steps]


def told(problem: Problem) -> str:
    """A problem in the reader's language."""
    facts = {name: gettext(value) if name == "kind" else value for name, value in problem.facts}  # type: ignore[arg-type]
    return gettext(problem.message) % facts


# -- before it runs ------------------------------------------------------------------------------------------------


def problems(community: Community, path: Path) -> list[Problem]:
    """Why a funnel cannot run here, or what to know before it does."""
    found = plain_problems(path)
    history = history_of(community.pk)
    if history.first is None or history.last is None:
        return [*found, Problem("empty", N_("这个社群还没有历史，先导入聊天记录。"))]
    for number, step in enumerate(path.steps, 1):
        facts = (("step", number), ("kind", STEP_NAMES[step.kind]))
        if step.kind == Passive.REPLIED and not history.marking:
            message = N_(
                "第 %(step)s 步“%(kind)s”没法数：这里的数据没有标出谁回复了谁。Telegram、Discord、Slack 等平台的导出带有回复标记；"
                "Zulip、Discourse 在话题里接着写就是回答，只有引用留下标记，不能当作回复来数。"
            )
            found.append(Problem("unmarked", message, facts, number))
        elif step.kind.value not in known(community):
            message = N_("第 %(step)s 步“%(kind)s”从没发生过：这个社群的数据里没有这种行为。请换一种，或先导入带有它的数据。")
            found.append(Problem("never", message, facts, number))
        elif step.channels and not _where(community, step.kind) & set(step.channels):
            message = N_("第 %(step)s 步“%(kind)s”在选中的群里从没发生过。请换个群，或不限群。")
            found.append(Problem("never_there", message, facts, number))
        elif step.kind == Passive.REPLIED and (silent := _unmarking(community)):
            message = N_("第 %(step)s 步“%(kind)s”只数标出了回复的平台；%(sources)s 没有标出，在那里收到的回复数不到。")
            found.append(Problem("partly_marked", message, (*facts, ("sources", ", ".join(silent))), number, is_error=False))
    held = (history.last - history.first).days + 1
    if path.days > held:
        message = N_("历史一共只有 %(held)s 天，比 %(days)s 天的时限短：还没有人有机会走满时限。")
        found.append(Problem("short_history", message, (("held", held), ("days", path.days)), is_error=False))
    return found


def _where(community: Community, kind: Kind | Passive) -> set[int]:
    """The channels in which something happens."""
    if kind == Passive.REPLIED:
        marking = history_of(community.pk).marking
        return {row["channel"] for row in _seen(community) if row["replies"] and row["source"] in marking}
    return {row["channel"] for row in _seen(community) if row["kind"] == kind}


def _unmarking(community: Community) -> list[str]:
    """The platforms on which members speak and nothing says what replies to what."""
    marking = history_of(community.pk).marking
    return sorted({row["source"] for row in _seen(community) if row["kind"] == Kind.MESSAGE_CREATED} - set(marking))


def _seen(community: Community) -> list[Row]:
    key = key_of(community.pk, revision(community.pk), "funnels.kinds by channel")
    found: list[Row] | None = cache.get(key)
    if found is None:
        found = ask(community.pk, _BY_CHANNEL).to_pylist()
        cache.set(key, found)
    return found


# -- what it counts ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A funnel, the days in which attempts begin, and among whom: everybody, or a saved segment."""

    community: Community
    path: Path
    span: Span
    segment: str = ""

    @property
    def history(self) -> History:
        return history_of(self.community.pk)

    @property
    def open_since(self) -> dt.date | None:
        """The first local day whose windows may not be over yet: who began then may still get further."""
        return self.history.last - dt.timedelta(days=self.path.days) if self.history.last else None

    @property
    def is_open(self) -> bool:
        return self.open_since is not None and self.span.stop > self.open_since

    def reaches_history(self) -> bool:
        """Whether anything is known of these days."""
        return self.history.first is not None and self.history.first < self.span.stop


def check(asked: Asked) -> None:
    """Raises `FunnelRefused` where it cannot run."""
    if errors := [one for one in problems(asked.community, asked.path) if one.is_error]:
        raise FunnelRefused(what=" ".join(map(told, errors)))


def counts(asked: Asked) -> Counts:
    """How many members got how far, and how long it took them. Raises `FunnelRefused`, `NoSuchSegment`."""
    (row,) = _asked(asked, "totals")
    steps = range(2, len(asked.path.steps) + 1)
    return Counts(_reached(row, asked.path), (0.0, *(row[f"median{k}"] for k in steps)), (0.0, *(row[f"p90{k}"] for k in steps)))


def course(asked: Asked) -> list[Part]:
    """The funnel of each week attempts began in, weeks without any included; a member counts once in each."""
    found = {row["week"]: _reached(row, asked.path) for row in _asked(asked, "weekly")}
    nobody = tuple(0 for _ in asked.path.steps)
    parts = []
    for number in range(_week(asked.span.start), _week(asked.span.stop - dt.timedelta(days=1)) + 1):
        monday = dt.date(1970, 1, 5) + dt.timedelta(weeks=number)
        last = min(monday + dt.timedelta(days=6), asked.span.stop - dt.timedelta(days=1))
        is_open = asked.open_since is not None and last >= asked.open_since
        parts.append(Part(monday.isoformat(), Counts(found.get(number, nobody)), number, is_open=is_open))
    return parts


def by_channel(asked: Asked) -> list[Part]:
    """The funnel by the channel of the first step: where most begin, first."""
    rows = _asked(asked, "by_channel")[:MOST_CHANNELS]
    names = channel_names(asked.community.pk, {row["channel"] for row in rows})
    return [Part(names.get(row["channel"]) or gettext("不在群里"), Counts(_reached(row, asked.path)), row["channel"]) for row in rows]


def by_segment(asked: Asked) -> list[Part]:
    """The funnel of each saved segment (the first of them by name); those whose expression is broken are left out."""
    against = segments.setting(asked.community)
    parts: list[Part] = []
    for saved in segments.segments(asked.community):
        if len(parts) < MOST_SEGMENTS and segments.reading(asked.community, saved.text, code=saved.code, against=against).is_runnable:
            (row,) = _asked(replace(asked, segment=saved.code), "totals")
            parts.append(Part(saved.name, Counts(_reached(row, asked.path)), code=saved.code))
    return parts


class People(Sequence[Row]):
    """Who got to a step (`stopped`: and no further), the latest first, read page by page: member, name, level, start (a moment), took."""

    def __init__(self, asked: Asked, step: int, *, stopped: bool) -> None:
        self._asked, self._step, self._stopped = asked, step, stopped
        self._total: int | None = None

    def __len__(self) -> int:
        if self._total is None:
            reached = counts(self._asked).reached
            beyond = reached[self._step] if self._stopped and self._step < len(reached) else 0
            self._total = reached[self._step - 1] - beyond
        return self._total

    def __iter__(self) -> Iterator[Row]:
        for skip in range(0, len(self), AT_ONCE):
            yield from self._read(skip, skip + AT_ONCE)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            begin, end, _ = place.indices(len(self))
            return self._read(begin, end)
        return self._read(place, place + 1)[0]

    def _read(self, skip: int, upto: int) -> list[Row]:
        rows = _asked(self._asked, "stopped" if self._stopped else "people", funnel_step=self._step, funnel_skip=skip, funnel_upto=upto)
        names = member_names(self._asked.community.pk, {row["member"] for row in rows})
        places = channel_names(self._asked.community.pk, {row["channel"] for row in rows})
        return [
            {
                "member": row["member"],
                "name": names.get(row["member"], ""),
                "channel": places.get(row["channel"], ""),
                "level": row["level"],
                "start": dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=row["start"]),
                "took": row.get(f"took{self._step}") if self._step > 1 else None,
            }
            for row in rows
        ]


def _week(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 5)).days // 7


def _reached(row: Row, path: Path) -> tuple[int, ...]:
    return tuple(row[f"n{k}"] for k in range(1, len(path.steps) + 1))


QUESTIONS: dict[str, Callable[..., Table]] = {
    "totals": measures.totals,
    "weekly": measures.weekly,
    "by_channel": measures.by_channel,
    "people": lambda shape, among: measures.people(shape, stopped=False, among=among),
    "stopped": lambda shape, among: measures.people(shape, stopped=True, among=among),
}


def _asked(asked: Asked, question: str, **more: int) -> list[Row]:
    """The answer to a question about a funnel, remembered as long as the history and the segment stay as they are."""
    check(asked)
    community = asked.community
    among, state = None, ""
    values: dict[str, Any] = measures.parameters(asked.path, asked.span, asked.history.marking) | more
    if asked.segment:
        saved = segments.segment(community, asked.segment)
        among, state = segments.expression(community, saved), segments.state(community, saved)
        values |= segments.parameters(community)
    key = key_of(community.pk, revision(community.pk), "funnels", question, asked.path, asked.span, asked.segment, state, more)
    found: list[Row] | None = cache.get(key)
    if found is None:
        found = ask(community.pk, _built(question, asked.path.shape, among), **values).to_pylist()
        if len(found) <= REMEMBERED:
            cache.set(key, found)
    return found


@lru_cache(maxsize=500)
def _built(question: str, shape: Any, among: ibis.Table | None) -> Table:
    return QUESTIONS[question](shape, among=among)
