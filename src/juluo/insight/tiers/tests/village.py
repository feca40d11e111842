"""A community with somebody in every tier, on 2026-06-30."""

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import replace

from juluo.ground.communities.models import Community
from juluo.insight.tiers.types import Rulebook
from juluo.kit import clock
from juluo.record.people.models import Member
from tests.cast import history, joined, said

LAST = dt.date(2026, 6, 30)
NOW = dt.datetime(2026, 7, 1, 4, tzinfo=dt.UTC)


def talk(who: str, every: int, since: int, until: int = 0, *, many: int = 3) -> list:
    """`who` answers somebody on every so-manyth day, from `since` days before the end to `until`."""
    days = [LAST - dt.timedelta(days=ago) for ago in range(since, until - 1, -every)]
    return [said(who, f"{day} 10:{n:02}", key=f"{who}{day}{n}", reply_to="first") for day in days for n in range(many)]


def village(name: str = "山里来信") -> Community:
    """阿树 could be KOC, 石头 is core, 青禾 is active, 老白 watches and was active once, 小雨 only came in."""
    told = [said("阿树", "2026-01-01 09:00", key="first"), joined("小雨", "2026-01-02 09:00")]
    told += talk("阿树", 1, 170) + talk("石头", 3, 160) + talk("青禾", 6, 150, many=2)
    told += talk("老白", 4, 170, 70, many=2) + talk("老白", 40, 20)
    return history(told, name=name)


def held() -> AbstractContextManager[None]:
    """The clock on the day after."""
    return clock.hold(NOW)


def member(community: Community, name: str) -> Member:
    return Member.objects.get(community=community, name=name)


LOWER = replace(Rulebook(), core=replace(Rulebook().core, active_days=5, messages=10, weeks=4))
