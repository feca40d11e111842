"""What the figures leave out, and what to keep in mind."""

from collections.abc import Sequence

import msgspec

from juluo.kit.errors import N_

from .. import asking
from ..measures import talk
from ..registry import Asked, Section
from ..types.blocks import Block, Item, Items
from ..types.settings import Setting
from ..words import said

FULL_HISTORY = 8


class Notes(msgspec.Struct, frozen=True):
    """Messages of the reported week by who sent them; days of the week without any event."""

    messages: int
    from_bots: int
    bots: int
    from_staff: int
    staff: int
    empty_days: tuple[str, ...]


def gather(asked: Asked) -> Notes:
    week = asked.setting.week
    people = {row["person"]: row for row in asking.answer(asked.community, talk.by_person, week)}
    nobody = {"n": 0, "many": 0}
    seen = {row["day"] for row in asking.answer(asked.community, talk.days, week)}
    return Notes(
        sum(row["n"] for row in people.values()),
        people.get("bot", nobody)["n"],
        people.get("bot", nobody)["many"],
        people.get("staff", nobody)["n"],
        people.get("staff", nobody)["many"],
        tuple(day.isoformat() for day in week if day not in seen and asked.setting.first <= day <= asked.setting.last),
    )


def tell(data: Notes, setting: Setting) -> Sequence[Block]:
    totals, items = setting.totals, []
    items.append(
        said(
            N_("数据从 %(first)s 到 %(last)s，共 %(messages)s 条消息、%(members)s 位成员。"),
            {"first": setting.first, "last": setting.last, "messages": totals.messages, "members": totals.members},
        )
    )
    if not setting.is_whole:
        items.append(said(N_("这一周的数据不满七天，和别的周比会显得偏低。")))
    if setting.weeks_of_history < FULL_HISTORY:
        items.append(
            said(
                N_("之前只有 %(weeks)s 个完整的周（满八周才好比较）。不满四周时，不和自己的过去比，只看合理区间。"),
                {"weeks": setting.weeks_of_history},
            )
        )
    if data.from_bots:
        items.append(said(N_("机器人（%(bots)s 个）发的 %(n)s 条没有算进任何指标。"), {"bots": data.bots, "n": data.from_bots}))
    if data.from_staff:
        items.append(
            said(N_("运营人员（%(staff)s 位）发的 %(n)s 条没有算进指标，但他们的回答算回答。"), {"staff": data.staff, "n": data.from_staff})
        )
    if totals.rejected:
        items.append(said(N_("导入时有 %(n)s 行无法识别，没有进入统计；原因见数据源页。"), {"n": totals.rejected}))
    if data.empty_days:
        items.append(
            said(N_("这周有几天没有任何记录：%(days)s。可能是真的安静，也可能是数据缺了。"), {"days": said(N_("、")).join(data.empty_days)})
        )
    missing: dict[str, list[str]] = {}
    for course in setting.courses.values():
        if course.missing:
            missing.setdefault(said(course.missing), []).append(said(course.name))
    items += [
        said(N_("%(reason)s（%(figures)s）"), {"reason": reason, "figures": said(N_("、")).join(figures)})
        for reason, figures in missing.items()
    ]
    return (Items(said(N_("看数字之前")), tuple(Item(text) for text in items)),)


SECTION = Section("notes", N_("数据说明"), 900, Notes, gather, tell)
