"""A small community on 2026-06-30 in which 青禾 helps, 石头 only talks, and 小雨 and 阿云 come in and ask."""

import datetime as dt
from contextlib import AbstractContextManager

from juluo.ground.communities.models import Community
from juluo.insight.tiers.actions import assign
from juluo.kit import clock
from juluo.record.events.types import Kind
from juluo.record.lake.queries import lake
from juluo.record.people.models import Member
from tests.cast import bot, happened, history, joined, said, staff

NOW = dt.datetime(2026, 7, 1, 4, tzinfo=dt.UTC)
WEEKS = [dt.date(2026, 6, 29) - dt.timedelta(days=7 * ago) for ago in range(12, -1, -1)]


def square(name: str = "山里来信") -> Community:
    """青禾 answers a question every week and is thanked for every other one; 石头 says more, and nobody needs it."""
    told = [said("老白", "2026-01-01 09:00", key="first")]
    for number, monday in enumerate(WEEKS):
        told.append(said("老白", f"{monday} 10:00", "这个怎么弄？", key=f"q{number}"))
        told.append(said("青禾", f"{monday} 10:02", "先拧开再倒", key=f"a{number}", reply_to=f"q{number}"))
        if number % 2 == 0:
            told.append(said("老白", f"{monday} 10:05", "谢谢，真好！", reply_to=f"a{number}"))
        told += [said("青禾", f"{monday + dt.timedelta(days=day)} 12:00", f"早 {number}-{day}") for day in (1, 2, 3, 4)]
        told += [said("石头", f"{monday + dt.timedelta(days=day)} 20:{n:02}", f"哈 {n}") for day in (1, 2, 3) for n in range(5)]
        told.append(said("小满", f"{monday} 15:00", "大家好"))
        told.append(said("报站", f"{monday} 16:00", "请排队"))
    told += [joined("小雨", "2026-06-01 09:00"), said("小雨", "2026-06-01 09:05", "我是新来的", key="hello")]
    told += [said("青禾", "2026-06-01 09:06", "欢迎欢迎", reply_to="hello")]
    told += [joined("阿云", "2026-06-10 09:00"), said("阿云", "2026-06-10 21:30", "请问几点开门？", key="open")]
    told += [said("青禾", "2026-06-10 21:31", "十点", key="ten", reply_to="open")]
    told += [happened(Kind.REACTION_ADDED, "阿云", "2026-06-10 21:33", target="ten", props={"emoji": "❤️"})]
    community = history(told, people=[staff("小满"), bot("报站")], name=name)
    lake().read_texts(community.pk)
    return community


def settled(community: Community) -> Community:
    """The same, with everybody's tier."""
    assign(community)
    return community


def held() -> AbstractContextManager[None]:
    """The clock on the day after."""
    return clock.hold(NOW)


def member(community: Community, name: str) -> Member:
    return Member.objects.get(community=community, name=name)
