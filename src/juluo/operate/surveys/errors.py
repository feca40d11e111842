"""Why a survey was not changed, or an answer not taken."""

from juluo.kit.errors import N_, JuluoError


class NotPublishable(JuluoError):
    """The design has faults; `faults` names the first of them."""

    code = "survey_not_publishable"
    message = N_("问卷还不能发布：%(why)s")


class DesignRefused(JuluoError):
    """JSON that is not a design."""

    code = "survey_design_refused"
    message = N_("看不懂这份问卷：%(why)s")
    status = 422


class NotOpen(JuluoError):
    """Nobody can answer now."""

    code = "survey_not_open"
    message = N_("这份问卷现在不接受回答。")
    status = 409


class NotYet(NotOpen):
    code = "survey_not_yet"
    message = N_("这份问卷还没有开始，请到时候再来。")


class Over(NotOpen):
    code = "survey_closed"
    message = N_("这份问卷已经结束，谢谢您来看。")


class Full(NotOpen):
    code = "survey_full"
    message = N_("这份问卷的名额已满，谢谢您来看。")


class AlreadyAnswered(JuluoError):
    """One answer a person."""

    code = "survey_answered"
    message = N_("您已经回答过这份问卷，每人只需答一次。谢谢您！")
    status = 409


class TooOften(JuluoError):
    """Too many answers from one address in a short time."""

    code = "survey_too_often"
    message = N_("这个网络刚刚交了太多份回答，请过一分钟再试。")
    status = 429


class LinkBroken(JuluoError):
    """A link that we did not make, or for somebody who is no longer here."""

    code = "survey_link_broken"
    message = N_("这个链接不完整或已失效。请从原来的消息里重新点开，或向社群要一个新链接。")
    status = 404


class NotChangeable(JuluoError):
    """A change that would falsify what people answered."""

    code = "survey_not_changeable"
    message = N_("已经有人回答，是否匿名不能再改：答题的人是按当时的说明回答的。可以复制一份新问卷。")
    status = 409
