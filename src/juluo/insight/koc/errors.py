"""What looking for KOC refuses."""

from juluo.kit.errors import N_, JuluoError


class BadWeights(JuluoError):
    """Weights that weigh nothing."""

    code = "bad_weights"
    message = N_("五组权重要在 0 到 100 之间，而且不能全是 0。")


class NotOnPath(JuluoError):
    """Moving somebody who is not on the path."""

    code = "not_on_path"
    message = N_("TA 还不在成长路径上。请刷新页面再看一次。")


class NotYetCore(JuluoError):
    """The last stage is for those whom the tiers can confirm."""

    code = "not_yet_core"
    message = N_("TA 现在还不是核心层，不能确认为 KOC。先留在共创，等 TA 到了核心层再确认。")


class NotAPerson(JuluoError):
    """Bots and the team do not walk the path."""

    code = "not_a_person"
    message = N_("机器人和工作人员不进 KOC 的成长路径。")
