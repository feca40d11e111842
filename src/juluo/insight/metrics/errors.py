"""What can go wrong when figures are asked for."""

from juluo.kit.errors import N_, JuluoError, NotThere


class UnknownFigure(NotThere):
    """No figure is declared by that code."""

    code = "unknown_figure"
    message = N_("没有叫「%(code)s」的指标。请从指标列表里选一个。")


class NoRows(NotThere):
    """The figure is not made of rows that could be listed."""

    code = "no_rows"
    message = N_("「%(code)s」没有可以逐条列出的明细。")


class BadRange(JuluoError):
    """A good range whose lower bound lies above its upper one, or that has no bound."""

    code = "bad_range"
    message = N_("合理区间至少要有一头，而且下限不能高于上限。")
