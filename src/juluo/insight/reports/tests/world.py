"""A small community whose figures can be worked out by hand.

Nine even weeks (2026-W02 … W10): six members say five things each, one a day at 20:00, 20:01 … in 大厅. Then the week that is
reported (2026-W11, 9–15 March): 小满 (staff) greets once, the bot once; 乙 says 15 things, 丙 and 丁 5 each, 阿树 4 and a question,
戊 1 (in 茶馆); 甲 says nothing. 新来的 joins on Tuesday and says nothing; 又一个 joins on Tuesday and says 2 things on Wednesday.
阿树's question comes on Sunday evening, and nobody takes it up.
"""

import datetime as dt

from juluo.ground.communities.models import Community
from juluo.record.events.types import Event
from tests.cast import bot, history, joined, left, said, staff

MEMBERS = ("甲", "乙", "丙", "丁", "戊", "阿树")
FIRST = dt.date(2026, 1, 5)
WEEK = "2026-W11"
MONDAY = dt.date(2026, 3, 9)
QUESTION = "周末的活动怎么报名？"


def even_weeks(many: int = 9, *, first: dt.date = FIRST) -> list[Event]:
    return [
        said(who, f"{first + dt.timedelta(days=7 * week + day)} 20:{at:02d}", f"第 {week} 周第 {day} 天，{who}说早上好")
        for week in range(many)
        for day in range(5)
        for at, who in enumerate(MEMBERS)
    ]


def last_week() -> list[Event]:
    events = [joined("新来的", "2026-03-10 09:00"), joined("又一个", "2026-03-10 09:10")]
    events += [said("又一个", f"2026-03-11 21:{at:02d}", f"大家好 {at}") for at in (10, 11)]
    events += [said("乙", f"{MONDAY + dt.timedelta(days=at // 3)} 20:{10 * (at % 3):02d}", f"乙的第 {at} 句") for at in range(15)]
    for day in range(5):
        events += [said(who, f"{MONDAY + dt.timedelta(days=day)} 20:{at:02d}", f"{who}第 {day} 天") for at, who in ((1, "丙"), (2, "丁"))]
    events += [said("阿树", f"{MONDAY + dt.timedelta(days=day)} 20:03", f"阿树第 {day} 天") for day in range(4)]
    events += [said("戊", "2026-03-12 15:00", "这里真安静", channel="茶馆")]
    events += [said("小满", "2026-03-13 10:00", "欢迎新朋友"), said("小助手", "2026-03-13 10:01", "自动回复")]
    events += [said("阿树", "2026-03-15 22:00", QUESTION)]
    return events


def village(*more: Event, events: list[Event] | None = None) -> Community:
    """The community of this module, with whatever else happened."""
    all_of_it = [*even_weeks(), *last_week()] if events is None else events
    return history([*all_of_it, *more], people=[bot("小助手"), staff("小满")])


__all__ = ["FIRST", "MEMBERS", "MONDAY", "QUESTION", "WEEK", "even_weeks", "last_week", "left", "village"]
