"""What the member pages draw."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext

from juluo.kit import charts, parts
from juluo.kit.dates import monday
from juluo.kit.errors import N_
from juluo.record.events.types import Kind

from .queries import Moment

WEEKS = 53

# Icon, tone and words of each kind of event on a timeline.
MOMENTS: dict[Kind, tuple[str, parts.Tone, str]] = {
    Kind.MESSAGE_CREATED: ("message", "", N_("发言")),
    Kind.MESSAGE_EDITED: ("pencil", "", N_("修改了发言")),
    Kind.MESSAGE_DELETED: ("trash", "", N_("撤回了发言")),
    Kind.REACTION_ADDED: ("mood-smile", "", N_("表态")),
    Kind.REACTION_REMOVED: ("mood-smile", "", N_("取消表态")),
    Kind.MEMBER_JOINED: ("user-plus", "good", N_("加入")),
    Kind.MEMBER_LEFT: ("user-minus", "warn", N_("离开")),
    Kind.MEMBER_RENAMED: ("id", "", N_("改了名字")),
    Kind.CHECKIN: ("calendar-check", "accent", N_("签到")),
    Kind.LINK_CLICKED: ("link", "", N_("点开链接")),
    Kind.PAGE_VIEWED: ("eye", "", N_("浏览页面")),
    Kind.ORDER_PAID: ("shopping-bag", "accent", N_("下单")),
    Kind.ORDER_REFUNDED: ("receipt-refund", "warn", N_("退款")),
    Kind.SURVEY_ANSWERED: ("clipboard-check", "info", N_("回答问卷")),
    Kind.ACTIVITY_REGISTERED: ("ticket", "info", N_("报名活动")),
    Kind.ACTIVITY_ATTENDED: ("ticket", "accent", N_("参加活动")),
    Kind.TOUCH_SENT: ("send", "", N_("收到触达")),
    Kind.TOUCH_FAILED: ("send-off", "warn", N_("触达失败")),
    Kind.TOUCH_OPENED: ("mail-opened", "info", N_("打开触达")),
    Kind.POINTS_MOVED: ("coins", "", N_("积分变动")),
    Kind.CHANNEL_CREATED: ("hash", "", N_("创建群")),
    Kind.CHANNEL_RENAMED: ("hash", "", N_("修改群名")),
}


def activity(days: Mapping[date, int], last: date) -> charts.Heat:
    """A year of days as weeks: rows are weekdays from Monday, columns weeks; days to come are unknown."""
    start = monday(last) - timedelta(weeks=WEEKS - 1)
    weeks = [start + timedelta(weeks=n) for n in range(WEEKS)]
    names = [date_format(start + timedelta(days=n), "D") for n in range(7)]
    values = [[None if (day := week + timedelta(days=row)) > last else days.get(day, 0) for week in weeks] for row in range(7)]
    heads = ["" if n and week.month == weeks[n - 1].month else date_format(week, "M") for n, week in enumerate(weeks)]
    return charts.Heat(names, heads, values, unit=gettext("条"))


def haunts_chart(places: Sequence[tuple[str, int]]) -> charts.Chart:
    """The channels a member speaks in, as bars."""
    shown = list(reversed(places[:8]))
    return charts.Chart(
        x=[name or "—" for name, _ in shown],
        series=[charts.Series(gettext("发言"), [count for _, count in shown])],
        kind="bar",
        unit=gettext("条"),
        horizontal=True,
    )


def moment_of(moment: Moment) -> parts.Moment:
    """A line of the timeline."""
    icon, tone, words = MOMENTS.get(moment.kind, ("point", "", str(moment.kind)))
    value = "" if moment.value is None else f" {moment.value:,.2f}".removesuffix(".00")
    return parts.Moment(moment.at, gettext(words) + value, moment.text[:600], icon, tone, source=moment.channel)
