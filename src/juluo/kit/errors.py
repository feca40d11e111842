"""The root of every error a user may see.

An error carries a `code` for machines, a Chinese sentence with blanks for people, the facts that fill the
blanks, and an HTTP status. A sentence says what happened and what to do next; it never blames and never
shows a path, a query or a secret. Surfaces translate it: `gettext(error.message) % error.facts`.
"""

from typing import Any, ClassVar


def N_(text: str) -> str:
    """Mark `text` for translation without translating it; for modules that may not import Django."""
    return text


class JuluoError(Exception):
    """Something a user can understand and mend. Subclasses are nouns: `CapReached`, `FileRefused`."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = N_("操作没有完成。")
    status: ClassVar[int] = 400

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message % facts if facts else self.message)


class NotThere(JuluoError):
    """What was asked for does not exist, or the asker may not know that it does."""

    code = "not_found"
    message = N_("没有找到您要的内容，它可能已被删除或改名。")
    status = 404


class NotAllowed(JuluoError):
    """The asker is known, and may not do this."""

    code = "not_allowed"
    message = N_("您的角色没有这项权限。如有需要，请联系社群管理员。")
    status = 403
