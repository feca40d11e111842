"""Why someone was not let in, or not changed."""

from juluo.kit.errors import N_, JuluoError


class LinkSpent(JuluoError):
    """A one-time link that was used, has run out, or never existed. Which of these it is, is nobody's business."""

    code = "link_spent"
    message = N_("这条链接已经用过或过期了。请向邀请您的人要一条新的。")
    status = 410


class NameTaken(JuluoError):
    """Another account already has this user name or e-mail address."""

    code = "name_taken"
    message = N_("这个登录名或邮箱已被使用，请换一个。")
    status = 409


class LastAdministrator(JuluoError):
    """The installation would be left without anyone who may administer it."""

    code = "last_administrator"
    message = N_("至少要保留一位能登录的管理员。请先任命另一位，再做这个改动。")
    status = 409
