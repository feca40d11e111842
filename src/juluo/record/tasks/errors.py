"""What tasks refuse."""

from juluo.kit.errors import N_, JuluoError


class TooLong(JuluoError):
    """More minutes than a day has."""

    code = "minutes_out_of_range"
    message = N_("一次最多记 24 小时，最少 1 分钟。请按天分开记。")
