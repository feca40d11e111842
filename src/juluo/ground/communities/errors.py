"""Why a community or its team was not changed."""

from juluo.kit.errors import N_, JuluoError


class OwnPost(JuluoError):
    """Nobody changes their own role: it would be too easy to lock oneself out, or to rise unseen."""

    code = "own_post"
    message = N_("不能修改自己的角色，请让另一位管理员来改。")
    status = 409


class NameDiffers(JuluoError):
    """The name typed to confirm the closing of a community is not the community's."""

    code = "name_differs"
    message = N_("输入的社群名称不一致，社群没有删除。")
    status = 422
