"""What can be wrong with an expression or a segment."""

from juluo.kit.errors import N_, JuluoError

from .types import Problem


class Misread(Exception):
    """A text is no expression; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


class ExpressionRefused(JuluoError):
    """The expression would not mean anything, or would take too long; `what` tells it in the reader's language."""

    code = "segment_refused"
    message = N_("这段条件不能用：%(what)s")
    status = 422


class CodeTaken(JuluoError):
    code = "segment_code_taken"
    message = N_("已经有代号为“%(code)s”的人群，请换一个。")
    status = 409


class CodeUnfit(JuluoError):
    code = "segment_code_unfit"
    message = N_("代号只能用小写字母、数字和连字符，以字母开头，最多 40 个字符。")
    status = 422


class SegmentInUse(JuluoError):
    code = "segment_in_use"
    message = N_("“%(name)s”还在被使用：%(users)s。请先改掉这些地方，再删除它。")
    status = 409


class NoSuchSegment(JuluoError):
    code = "segment_unknown"
    message = N_("没有代号为“%(code)s”的人群。")
    status = 404


class NameMissing(JuluoError):
    code = "segment_name_missing"
    message = N_("请给这个人群起个名字。")
    status = 422
