"""What can go wrong with an evaluation."""

from juluo.kit.errors import N_, JuluoError, NotThere


class NoSuchEvaluation(NotThere):
    """There is no such evaluation in this community."""

    code = "no_such_evaluation"
    message = N_("没有找到这次评价，它可能已被删除。")


class NoSuchPeriod(JuluoError):
    """The period asked for is not over, or lies outside of the history."""

    code = "no_such_period"
    message = N_("这段时间还不能评价：只能选有数据、已经过完的月或季。")


class IsSettled(JuluoError):
    """A settled evaluation was to be changed."""

    code = "evaluation_settled"
    message = N_("这次评价已经定稿，不能再改。要改就重新评一次。")
    status = 409


class NotReady(JuluoError):
    """The evaluation has not been counted."""

    code = "evaluation_not_ready"
    message = N_("这次评价还没有算好，请稍等。")
    status = 409


class ReasonMissing(JuluoError):
    """Points were to be changed without saying why."""

    code = "reason_missing"
    message = N_("改分要写一句理由，别人才看得懂。")


class BadPoints(JuluoError):
    """Points outside of 0–100."""

    code = "bad_points"
    message = N_("得分要在 0 到 100 之间。")


class BadWeights(JuluoError):
    """Weights that are not ten numbers from 0 to 100 with the sum of 100."""

    code = "bad_weights"
    message = N_("十项权重加起来要正好是 100，现在是 %(sum)s。")


class BadAnchors(JuluoError):
    """Anchors that make no curve."""

    code = "bad_anchors"
    message = N_("「%(title)s」的两头不能一样；有四个数时要从小到大。")


class NoSuchAct(NotThere):
    """The plan of this evaluation has no such act."""

    code = "no_such_act"
    message = N_("改进计划里没有这一条。")
