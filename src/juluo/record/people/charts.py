"""What the member pages draw."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext

from juluo.kit import charts, parts
from juluo.kit.dates import monday
from juluo.record.events.types import KIND_NAMES, Kind

from .queries import Moment

WEEKS = 53

# Icon and tone of each kind of event on a timeline.
MOMENTS: dict[Kind, tuple[str, parts.Tone]] = {
    Kind.MESSAGE_CREATED: ("message", ""),
    Kind.MESSAGE_EDITED: ("pencil", ""),
    Kind.MESSAGE_DELETED: ("trash", ""),
    Kind.REACTION_ADDED: ("mood-smile", ""),
    Kind.REACTION_REMOVED: ("mood-smile", ""),
    Kind.MEMBER_JOINED: ("user-plus", "good"),
    Kind.MEMBER_LEFT: ("user-minus", "warn"),
    Kind.MEMBER_RENAMED: ("id", ""),
    Kind.CHECKIN: ("calendar-check", "accent"),
    Kind.LINK_CLICKED: ("link", ""),
    Kind.PAGE_VIEWED: ("eye", ""),
    Kind.ORDER_PAID: ("shopping-bag", "accent"),
    Kind.ORDER_REFUNDED: ("receipt-refund", "warn"),
    Kind.SURVEY_ANSWERED: ("clipboard-check", "info"),
    Kind.ACTIVITY_REGISTERED: ("ticket", "info"),
    Kind.ACTIVITY_ATTENDED: ("ticket", "accent"),
    Kind.TOUCH_SENT: ("send", ""),
    Kind.TOUCH_FAILED: ("send-off", "warn"),
    Kind.TOUCH_OPENED: ("mail-opened", "info"),
    Kind.POINTS_MOVED: ("coins", ""),
    Kind.CHANNEL_CREATED: ("hash", ""),
    Kind.CHANNEL_RENAMED: ("hash", ""),
}


def activity(days: Mapping[date, int], last: date) -> charts.Heat:
    """A year of days as weeks: rows are weekdays from Monday, columns weeks; days to come are unknown."""
    start = monday(last) - timedelta(weeks=WEEKS - 1)
    weeks = [start + timedelta(weeks=n) for n in range(WEEKS)]
    names = [str(WEEKDAYS_ABBR[day]) for day in range(7)]
    values = [[None if (day := week + timedelta(days=row)) > last else days.get(day, 0) for week in weeks] for row in range(7)]
    heads = ["" if n and week.month == weeks[n - 1].month else date_format(week, "M") for n, week in enumerate(weeks)]
    if any(heads[1:3]):  # a month of which one or two weeks are left has no room for its name
        heads[0] = ""
    said = [[date_format(week + timedelta(days=row), "Y-m-d") for week in weeks] for row in range(7)]
    return charts.Heat(names, heads, values, unit=gettext("条"), said=said)


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
    icon, tone = MOMENTS.get(moment.kind, ("point", ""))
    value = "" if moment.value is None else f" {moment.value:,.2f}".removesuffix(".00")
    return parts.Moment(moment.at, gettext(KIND_NAMES[moment.kind]) + value, moment.text[:600], icon, tone, source=moment.channel)
