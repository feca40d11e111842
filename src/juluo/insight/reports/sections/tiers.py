"""Who went up and who went down between the tiers, and who is close to it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.insight.metrics.types import Period
from juluo.insight.tiers.measures.flowing import GONE, NOT_YET
from juluo.insight.tiers.queries.flows import flows
from juluo.insight.tiers.queries.moves import close, movers, state
from juluo.insight.tiers.types import TIER_NAMES, Tier
from juluo.kit.errors import N_

from .. import asking
from ..registry import Asked, Section
from ..types.advice import Case, Rule
from ..types.blocks import Block, Column, Note, Table, Text, Tile, Tiles, Who
from ..types.settings import Setting
from ..words import said, worded

MOST = 50  # people listed in each direction, and of those who are close
ONE_DAY = dt.timedelta(days=1)
FIGURES = ("tier_koc", "tier_core", "promotion_rate", "demotion_rate")
FEW = 2  # deeds that are so little to ask for that somebody may be asked this week


class Mover(msgspec.Struct, frozen=True):
    """Somebody who stands in another tier than a week before; `before` and `tier` are numbers of `tiers.types.Tier`."""

    member: int
    name: str
    day: dt.date
    before: int
    tier: int


class Close(msgspec.Struct, frozen=True):
    """Somebody who is `acts` deeds from the next tier, and how much of what is missing."""

    member: int
    name: str
    tier: int
    acts: int
    missing: dict[str, int]


class Flow(msgspec.Struct, frozen=True):
    """How many members went from where to where: tiers, or `NOT_YET` there and `GONE`."""

    origin: int
    target: int
    n: int


class Moves(msgspec.Struct, frozen=True):
    """A week between the tiers. `through` is the last day of it that is known, None where nobody has been assigned (up to this week).

    `near` is of the day of the last assignment, and empty with `near_on` None for weeks that are over for long.
    """

    through: dt.date | None
    flows: tuple[Flow, ...] = ()
    movers: tuple[Mover, ...] = ()
    near: tuple[Close, ...] = ()
    near_many: int = 0
    near_on: dt.date | None = None

    def count(self, *, is_up: bool) -> int:
        """How many went up to the active tier or above, or down from there."""
        here = [one for one in self.flows if one.target >= 0 and max(one.origin, one.target) >= Tier.ACTIVE]
        return sum(one.n for one in here if (one.target > max(one.origin, 0) if is_up else one.target < one.origin))

    def side(self, *, is_up: bool) -> list[Mover]:
        return [one for one in self.movers if (one.tier > one.before) == is_up]


def mark(community: Community, week: Period) -> str:
    """From which state of the tiers a week is told; "" where there is nothing to tell yet."""
    known = state(community)
    if known is None or known[0] < week.start:
        return ""
    return f"{min(known[0], week.last)}.{known[1]}"


def gather(asked: Asked) -> Moves:
    community, week = asked.community, asked.setting.week
    known = state(community)
    if known is None or known[0] < week.start:
        return Moves(None)
    through = min(known[0], week.last)
    counted = flows(community, week.start - ONE_DAY, through)
    went = movers(community, week.start, through + ONE_DAY, MOST)
    is_now = known[0] < week.stop + dt.timedelta(days=7)
    near, many = close(community, MOST) if is_now else ([], 0)
    names = asking.members(community, {*(one.member for one in went), *(one.member for one in near)})
    return Moves(
        through,
        tuple(Flow(origin, target, n) for (origin, target), n in sorted(counted.items()) if (origin, target) != (NOT_YET, NOT_YET)),
        tuple(Mover(one.member, names[one.member], one.day, int(one.before), int(one.tier)) for one in went),
        tuple(Close(one.member, names[one.member], int(one.tier), one.acts, one.missing) for one in near),
        many,
        known[0] if is_now else None,
    )


def tell(data: Moves, setting: Setting) -> Sequence[Block]:
    if data.through is None:
        return (Text(said(N_("成员还没有分层，这一段先空着；后台每小时分一次，分完会自动补上。"))),)
    blocks: list[Block] = [Text(_lead(data), is_lead=True)]
    tiles = []
    for code in FIGURES:
        course = setting.courses.get(code)
        if course is not None and course.value is not None:
            better = course.better if course.better != "neither" else ""
            tiles.append(Tile(code, said(course.name), course.value, course.unit, course.before, better, course.values[-8:]))
    if tiles:
        blocks.append(Tiles(tuple(tiles)))
    blocks.append(_sizes(data))
    blocks += [_people(data, is_up=is_up) for is_up in (True, False) if data.side(is_up=is_up)]
    if data.near:
        blocks.append(_near(data))
    blocks += [Note(note) for note in _notes(data, setting)]
    return blocks


def _lead(data: Moves) -> str:
    up, down = data.count(is_up=True), data.count(is_up=False)
    sentence = ""
    if up:
        sentence += said(N_("%(n)s 人升到活跃或更高：%(who)s。"), {"n": up, "who": _named(data.side(is_up=True), up)})
    if down:
        sentence += said(N_("%(n)s 人从活跃或更高降下来：%(who)s。"), {"n": down, "who": _named(data.side(is_up=False), down)})
    if not up and not down:
        sentence = said(N_("这周没有人升到活跃或更高，也没有人从那里降下来。"))
    left = sum(one.n for one in data.flows if one.target == GONE and one.origin >= Tier.ACTIVE)
    if left:
        sentence += said(N_("另有 %(n)s 位活跃或更高的成员离开了。"), {"n": left})
    if data.near_many:
        sentence += said(N_("还有 %(n)s 人离活跃或核心只差一点。"), {"n": data.near_many})
    return sentence


def _named(people: Sequence[Mover | Close], many: int) -> dict[str, Any]:
    return {"members": [one.name for one in people[:3]], "many": many}


def _tier(number: int) -> str:
    return said(TIER_NAMES[Tier(number)])


def _sizes(data: Moves) -> Table:
    """The tiers as an account: what stood there, what came and went, what stands there."""
    rows = []
    for tier in sorted(Tier, reverse=True):
        came = {one.origin: one.n for one in data.flows if one.target == tier and one.origin != tier}
        went = {one.target: one.n for one in data.flows if one.origin == tier and one.target != tier}
        stayed = sum(one.n for one in data.flows if one.origin == one.target == tier)
        rows.append(
            (
                _tier(tier),
                stayed + sum(went.values()),
                came.get(NOT_YET, 0),
                sum(n for origin, n in came.items() if 0 <= origin < tier),
                sum(n for origin, n in came.items() if origin > tier),
                sum(n for target, n in went.items() if target > tier),
                sum(n for target, n in went.items() if 0 <= target < tier),
                went.get(GONE, 0),
                stayed + sum(came.values()),
            )
        )
    titles = (N_("周初人数"), N_("新来"), N_("升上来"), N_("降下来"), N_("升走"), N_("降走"), N_("离开"), N_("周末人数"))
    columns = (Column(said(N_("层级"))), *(Column(said(title), "number") for title in titles))
    return Table("tier_flows", said(N_("各层的来去")), columns, tuple(rows))


def _people(data: Moves, *, is_up: bool) -> Table:
    columns = (
        Column(said(N_("成员"))),
        Column(said(N_("原来在"))),
        Column(said(N_("现在在"))),
        Column(said(N_("哪天")), "date"),
    )
    rows = tuple((Who(one.member, one.name), _tier(one.before), _tier(one.tier), one.day) for one in data.side(is_up=is_up))
    if is_up:
        return Table("tier_risen", said(N_("升上来的人")), columns, rows)
    return Table("tier_fallen", said(N_("降下来的人")), columns, rows)


def _near(data: Moves) -> Table:
    columns = (
        Column(said(N_("成员"))),
        Column(said(N_("现在在"))),
        Column(said(N_("下一层"))),
        Column(said(N_("还差什么"))),
    )
    rows = tuple((Who(one.member, one.name), _tier(one.tier), _tier(one.tier + 1), worded({"deeds": one.missing})) for one in data.near)
    return Table("tier_near", said(N_("差一点就升的人（%(day)s）"), {"day": data.near_on}), columns, rows)


def _notes(data: Moves, setting: Setting) -> list[str]:
    told = [said(N_("从潜在到观望不算升：来一次就到。降层有缓冲，比沉默晚两周左右才看得到；门槛和缓冲在「分层」里调。"))]
    listed = max(len(data.side(is_up=True)), len(data.side(is_up=False)), len(data.near))
    if listed == MOST:
        told.append(said(N_("每张名单最多列 %(n)s 人，全部的在「分层」的「接近升层」和「谁降了」里。"), {"n": MOST}))
    if data.through is not None and data.through < setting.week.last:
        told.append(said(N_("分层只算到 %(day)s，这一段说的也到那天为止。"), {"day": data.through}))
    return told


# -- what to do about it -------------------------------------------------------------------------------------------


def _lift(data: Moves, setting: Setting) -> Iterable[Case]:
    """Those for whom very little is missing: whom to ask this week, and for what."""
    able = [one for one in data.near if one.acts <= FEW]
    if not able:
        return
    first = able[0]
    facts: dict[str, Any] = {
        "n": len(able),
        "who": _named(able, len(able)),
        "first": first.name,
        "missing": {"deeds": first.missing},
        "tier": {"term": TIER_NAMES[Tier(first.tier + 1)]},
    }
    yield Case("near", facts, min(1.0, len(able) / 20))


def _catch(data: Moves, setting: Setting) -> Iterable[Case]:
    """Core members and KOC who fell: those who carried the community and no longer do."""
    fallen = [one for one in data.side(is_up=False) if one.before >= Tier.CORE]
    if not fallen or not setting.is_whole:
        return
    facts = {
        "n": len(fallen),
        "who": _named(fallen, len(fallen)),
        "first": fallen[0].name,
        "before": {"term": TIER_NAMES[Tier(fallen[0].before)]},
        "after": {"term": TIER_NAMES[Tier(fallen[0].tier)]},
    }
    yield Case("fallen", facts, min(1.0, len(fallen) / 5))


def _thank(data: Moves, setting: Setting) -> Iterable[Case]:
    """Who has become core: the moment to say thank you and to ask what they would like to do."""
    risen = [one for one in data.side(is_up=True) if one.tier == Tier.CORE]
    if risen:
        yield Case("risen", {"n": len(risen), "who": _named(risen, len(risen))}, min(1.0, len(risen) / 5))


RULES = (
    Rule(
        "lift_near",
        finding=N_("%(n)s 人离下一层只差一点：%(who)s。%(first)s 只差%(missing)s，就到「%(tier)s」。"),
        text=N_("这周给 %(who)s 各递一个话头，从 %(first)s 开始。"),
        steps=(
            N_("打开「分层」的「接近升层」，看每个人还差什么。"),
            N_("差发言的，@ 他问一个他懂的问题；差回复的，把一个没人接的问题递给他；差天数的，约明天再来看一眼。"),
            N_("他做了，当天就回应一句，让他知道有人看见。"),
        ),
        figure="promotion_rate",
        aim="up",
        days=5,
        role=Role.EDITOR,
        cases=_lift,
        weight=0.5,
    ),
    Rule(
        "catch_fallen",
        finding=N_("%(n)s 位核心或 KOC 降了层：%(who)s。%(first)s 从「%(before)s」降到「%(after)s」。"),
        text=N_("这周单独找 %(who)s 聊一次，先听，不派活。"),
        steps=(
            N_("打开「分层」的「谁降了」，看是哪一条不够了：来得少，还是来了不说话。"),
            N_("问近况，谢他从前做的事；说出一件他做过、别人还记得的。"),
            N_("累了就让他歇，约个日子再问；受了委屈就当周处理，并告诉他结果。"),
        ),
        figure="demotion_rate",
        aim="down",
        days=4,
        role=Role.MANAGER,
        cases=_catch,
        weight=0.65,
    ),
    Rule(
        "thank_risen",
        finding=N_("%(n)s 人这周走到了核心：%(who)s。"),
        text=N_("公开谢谢 %(who)s，再私下问一句想做点什么。"),
        steps=(
            N_("在群里具体地谢：谢哪一次回答、哪一件事。"),
            N_("私下问：愿不愿意带一位新人，或主持一个小栏目；不愿意也没关系。"),
            N_("愿意的，放进 KOC 的成长路径，写下下一步和日子。"),
        ),
        figure="promotion_rate",
        aim="up",
        days=5,
        role=Role.MANAGER,
        cases=_thank,
        weight=0.35,
    ),
)

SECTION = Section("tiers", N_("谁升谁降"), 45, Moves, gather, tell, RULES, mark=mark, figures=FIGURES)
