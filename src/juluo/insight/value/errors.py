"""What can be wrong about value and silence."""

from juluo.kit.errors import N_, JuluoError


class BadRule(JuluoError):
    """A rule of alarms that there is not."""

    code = "bad_alarm_rule"
    message = N_("没有这样的规则，或天数不在 2–90 之间。请重新选。")
