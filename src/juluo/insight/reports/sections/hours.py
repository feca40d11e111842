"""When people are there, and when to post."""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from juluo.ground.accounts.types import Role
from juluo.insight.metrics.queries import table
from juluo.insight.metrics.types import Period
from juluo.kit.errors import N_

from ..registry import Asked, Section
from ..types.advice import Case, Rule
from ..types.blocks import Block, Heat, Note, Text
from ..types.settings import Setting
from ..words import WEEKDAYS, said, worded

WEEKS = 4
BEST = 3
LEAST_SPEAKERS = 3  # a week in an hour, on average, before it is called a good hour
QUIET_DAY = 0.4  # of an average day


class Hours(msgspec.Struct, frozen=True):
    """`messages[weekday][hour]` and `speakers` are sums over `weeks` weeks; `now` is the reported week's messages."""

    messages: tuple[tuple[int, ...], ...]
    speakers: tuple[tuple[int, ...], ...]
    now: tuple[tuple[int, ...], ...]
    weeks: int

    @property
    def best(self) -> list[tuple[int, int, float]]:
        """The hours of the week with most people at once: (weekday, hour, people in a usual week); one an evening, not three in a row."""
        ranked = sorted(
            ((self.speakers[day][hour], self.messages[day][hour], -day, -hour) for day in range(7) for hour in range(24)), reverse=True
        )
        found: list[tuple[int, int, float]] = []
        for people, _, day, hour in ranked:
            day, hour, usual = -day, -hour, people / self.weeks
            if usual < LEAST_SPEAKERS or len(found) == BEST:
                break
            if all(day != other or abs(hour - at) > 2 for other, at, _ in found):
                found.append((day, hour, usual))
        return found

    @property
    def by_hour(self) -> list[float]:
        """People in each hour of an average day."""
        return [sum(self.speakers[day][hour] for day in range(7)) / (7 * self.weeks) for hour in range(24)]


def gather(asked: Asked) -> Hours | None:
    week = asked.setting.week
    weeks = max(1, min(WEEKS, asked.setting.weeks_of_history + 1))
    cells = table(asked.community, "heat", Period(week.stop - dt.timedelta(weeks=weeks), week.stop)).rows
    now = table(asked.community, "heat", week).rows
    if not any(cell["messages"] for cell in cells):
        return None

    def grid(rows: list[dict], what: str) -> tuple[tuple[int, ...], ...]:
        found = {(row["weekday"], row["hour"]): row[what] for row in rows}
        return tuple(tuple(found.get((day, hour), 0) for hour in range(24)) for day in range(7))

    return Hours(grid(cells, "messages"), grid(cells, "speakers"), grid(now, "messages"), weeks)


def tell(data: Hours, setting: Setting) -> Sequence[Block]:
    best = data.best
    if best:
        moments = said(N_("、")).join(f"{worded({'weekday': day})} {worded({'hour': hour})}" for day, hour, _ in best)
        lead = said(
            N_("人最多的时候是%(moments)s；%(first)s 这一小时平时有约 %(people)s 人在说话，重要的内容放在这之前一点发。"),
            {
                "moments": moments,
                "first": f"{worded({'weekday': best[0][0]})} {worded({'hour': best[0][1]})}",
                "people": round(best[0][2], 1),
            },
        )
    else:
        lead = said(N_("说话的人还太少，看不出哪个时段更好；先固定一个时间发，让大家养成习惯。"))
    hours = tuple(str(hour) for hour in range(24))
    return (
        Text(lead, is_lead=True),
        Heat(
            said(N_("最近 %(weeks)s 周，每小时多少条消息"), {"weeks": data.weeks}),
            tuple(said(day) for day in WEEKDAYS),
            hours,
            tuple(tuple(float(n) for n in row) for row in data.messages),
            said(N_("条")),
        ),
        Note(said(N_("好时段按同时说话的人数排，而不是按消息数，免得两个人聊得火热就算高峰。时间是社群当地时间。"))),
    )


def _post(data: Hours, setting: Setting) -> Iterable[Case]:
    """Worth saying where the talk is thin, so that little is not scattered."""
    course = setting.courses.get("messages")
    if not data.best or course is None or course.value is None:
        return
    before = course.before
    if before and course.value < before:
        day, hour, people = data.best[0]
        yield Case(
            f"hour:{day}:{hour}",
            {"weekday": {"weekday": day}, "hour": {"hour": hour}, "people": round(people, 1), "weeks": data.weeks},
            min(1.0, 1 - course.value / before),
        )


def _quiet_day(data: Hours, setting: Setting) -> Iterable[Case]:
    """A weekday that was quiet in all of the last weeks, not only in this one."""
    days = [sum(row) for row in data.messages]
    average = sum(days) / 7
    if data.weeks < WEEKS or average < 10 * data.weeks:
        return
    quietest = min(range(5), key=lambda day: days[day])  # a quiet weekend is no finding
    if days[quietest] < QUIET_DAY * average:
        yield Case(
            f"day:{quietest}",
            {
                "weekday": {"weekday": quietest},
                "n": round(days[quietest] / data.weeks, 1),
                "average": round(average / data.weeks, 1),
            },
            1 - days[quietest] / average,
        )


RULES = (
    Rule(
        "best_hour",
        finding=N_("这周消息比上周少；最近 %(weeks)s 周里%(weekday)s %(hour)s 人最齐，平时约 %(people)s 人同时在。"),
        text=N_("把下一条最重要的内容放到%(weekday)s %(hour)s 前十分钟发，并留下来回应。"),
        steps=(
            N_("提前写好，结尾留一个一句话就能答的问题。"),
            N_("发出后守半小时，逐个回应，把话头递给还没说话的人。"),
            N_("连续两周用同一时段，再和别的时段比。"),
        ),
        figure="messages",
        aim="up",
        days=6,
        role=Role.EDITOR,
        cases=_post,
        weight=0.45,
    ),
    Rule(
        "quiet_day",
        finding=N_("每到%(weekday)s就冷场：平均 %(n)s 条，其他日子平均 %(average)s 条。"),
        text=N_("给%(weekday)s定一个固定的小栏目。"),
        steps=(
            N_("选一个不费脑的形式：晒图、一周一问、好物一荐。"),
            N_("连做四周，同一时间、同一标题，让大家知道%(weekday)s有这件事。"),
            N_("每次请一位成员主持，主持人轮流。"),
        ),
        figure="messages",
        aim="up",
        days=6,
        role=Role.EDITOR,
        cases=_quiet_day,
        weight=0.4,
    ),
)

SECTION = Section("hours", N_("什么时候发最好"), 80, Hours, gather, tell, RULES)
