"""What can go wrong with reports and suggestions."""

from juluo.kit.errors import N_, JuluoError, NotThere


class NoHistory(JuluoError):
    """There is nothing to report on yet."""

    code = "no_history"
    message = N_("这个社群还没有数据，先导入一份聊天记录，再来看报告。")
    status = 409


class NoSuchWeek(NotThere):
    """The week is not one of the calendar, or the history does not reach it."""

    code = "no_such_week"
    message = N_("没有「%(week)s」这一周的数据。周的写法如 2026-W10；现有数据从 %(first)s 到 %(last)s。")


class Decided(JuluoError):
    """A suggestion that is done, dismissed or expired cannot be decided again."""

    code = "suggestion_decided"
    message = N_("这条建议已经处理过了。")
    status = 409


class BadWeights(JuluoError):
    """Weights that are not numbers from 0 to 100, or all 0."""

    code = "bad_weights"
    message = N_("权重要在 0 到 100 之间，而且至少有一个大于 0。")
