"""What can go wrong with members."""

from juluo.kit.errors import N_, JuluoError


class NotMergeable(JuluoError):
    """A member cannot be merged with itself or with one of another community."""

    code = "not_mergeable"
    message = N_("这两位成员不能合并：他们是同一位，或来自不同的社群。")
    status = 409
