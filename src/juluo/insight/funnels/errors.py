"""What can be wrong with a funnel."""

from juluo.kit.errors import N_, JuluoError


class FunnelRefused(JuluoError):
    """It would count nothing; `what` tells why in the reader's language."""

    code = "funnel_refused"
    message = N_("这个漏斗还不能运行：%(what)s")
    status = 422


class FunnelMisread(JuluoError):
    """What was given is no funnel; `where` is the place in it."""

    code = "funnel_misread"
    message = N_("看不懂这个漏斗的“%(where)s”。请对照接口说明改好再试。")
    status = 422


class NoSuchFunnel(JuluoError):
    code = "funnel_unknown"
    message = N_("没有这个漏斗，它可能已被删除。")
    status = 404


class FunnelNameMissing(JuluoError):
    code = "funnel_name_missing"
    message = N_("请给这个漏斗起个名字。")
    status = 422


class FunnelCodeTaken(JuluoError):
    code = "funnel_code_taken"
    message = N_("已经有代号为“%(code)s”的漏斗，请换一个。")
    status = 409


class FunnelCodeUnfit(JuluoError):
    code = "funnel_code_unfit"
    message = N_("漏斗的代号只能用小写字母、数字和连字符，以字母开头，最多 40 个字符。")
    status = 422
