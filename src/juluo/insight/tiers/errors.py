"""What tiers refuse."""

from juluo.kit.errors import N_, JuluoError


class BadRules(JuluoError):
    """Lines that cannot be used; the editor says which."""

    code = "bad_rules"
    message = N_("这组门槛还不能用：每一层都要有要求，而且不能低于下面一层。")


class NotACandidate(JuluoError):
    """Only who is core can be confirmed as KOC, and only a KOC released."""

    code = "not_a_candidate"
    message = N_("只有核心成员可以确认为 KOC，只有 KOC 可以解除。请刷新页面再看一次。")


class BadPlan(JuluoError):
    """Shares that do not make a whole."""

    code = "bad_plan"
    message = N_("五层的计划占比加起来要正好是 100%。")
