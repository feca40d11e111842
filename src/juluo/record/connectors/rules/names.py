"""Names as people see them."""

import re

from .fit import LONGEST_ID

# Direction marks, zero-width spaces and control characters: they come and go between exports of the same chat.
_INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def clean(name: str) -> str:
    """A name without invisible marks, inner whitespace single, at most `LONGEST_ID` characters."""
    return " ".join(_INVISIBLE.sub("", name).split())[:LONGEST_ID]


class Directory:
    """Which accounts a display name belongs to, gathered while reading; notices only ever tell display names."""

    def __init__(self) -> None:
        self._accounts: dict[str, str | None] = {}

    def see(self, name: str, account: str) -> None:
        """Note that `account` is shown as `name`."""
        if name and self._accounts.setdefault(name, account) != account:
            self._accounts[name] = None  # two people of the same name: nobody can say which one is meant

    def account(self, name: str) -> str | None:
        """The one account of that name, or None when there is none or more than one."""
        return self._accounts.get(name)
