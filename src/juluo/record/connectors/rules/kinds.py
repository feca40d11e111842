"""Who counts as a member, as far as a platform or a name tells."""

import re
from collections.abc import Iterable

from ..types import PersonKind

_BOT = re.compile(r"(?:(?:^|[^A-Za-z])bot|[a-z](?-i:Bot)|机器人)\d{0,3}[\])）\s]*$", re.I)
_STAFF_ENGLISH = ("owner", "admin", "admins", "administrator", "administrators", "mod", "mods", "moderator", "moderators", "staff")
_STAFF_CHINESE = ("管理员", "管理", "群主", "版主", "社群管理", "班长", "运营")
STAFF_ROLES = frozenset(_STAFF_ENGLISH + _STAFF_CHINESE)


def is_bot_name(name: str) -> bool:
    """Whether a name says that a program is behind it, where the platform itself does not tell.

    It ends in the word "bot" ("Welcome Bot", "rss-bot", "GitHubBot", "dependabot[bot]") or in 机器人. Talbot is a person.
    """
    return len(name) < 200 and _BOT.search(name) is not None


def kind_of(name: str, *, is_bot: bool = False, is_staff: bool = False) -> PersonKind | None:
    """BOT by the platform's word or the name, STAFF by the platform's word, else None: nothing is known."""
    if is_bot or is_bot_name(name):
        return PersonKind.BOT
    return PersonKind.STAFF if is_staff else None


def is_staff_role(roles: Iterable[str]) -> bool:
    """Whether one of a member's roles is that of somebody who runs the place: the whole name of the role, nothing like it."""
    return any(role.strip().lower() in STAFF_ROLES for role in roles)
