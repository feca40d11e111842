"""Roles, and the permissions a room declares."""

from dataclasses import dataclass
from enum import StrEnum

from juluo.kit.errors import N_


class Role(StrEnum):
    """The five roles of the founding documents. A user has at most one in a community."""

    ADMIN = "admin"
    MANAGER = "manager"
    EDITOR = "editor"
    PLANNER = "planner"
    VIEWER = "viewer"


ROLE_NAMES: dict[Role, str] = {
    Role.ADMIN: N_("管理员"),
    Role.MANAGER: N_("社群管理"),
    Role.EDITOR: N_("内容运营"),
    Role.PLANNER: N_("活动策划"),
    Role.VIEWER: N_("只读"),
}

EVERYONE = frozenset(Role)
TEAM = frozenset({Role.ADMIN, Role.MANAGER, Role.EDITOR, Role.PLANNER})
LEADS = frozenset({Role.ADMIN, Role.MANAGER})
ADMINS = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Permission:
    """Something one may do: `code` such as "members.export", a title for the role table, and the roles that have it."""

    code: str
    title: str
    roles: frozenset[Role]
