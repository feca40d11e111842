"""Noting a write. Called by every action, inside its transaction: the note stands exactly when the write does."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from juluo.kit import clock

from .models import Entry
from .registry import verbs

_acting: ContextVar[tuple[Any, str]] = ContextVar("juluo_acting", default=(None, "system"))


@contextmanager
def acting(user: Any = None, *, by: str = "") -> Iterator[None]:
    """Name who acts while the block runs: a signed-in `user`, or `by` ("cli", "worker", "api")."""
    token = _acting.set((user, by))
    try:
        yield
    finally:
        _acting.reset(token)


def note(verb: str, *, subject: Any = "", community_id: int | None = None, **facts: Any) -> Entry:
    """Add one row to the log. `verb` must be registered (`KeyError` otherwise); facts must be JSON-able and free of secrets."""
    user, by = _acting.get()
    return Entry.objects.create(
        at=clock.now(),
        actor=user if user is not None and user.is_authenticated else None,
        by=by,
        verb=verbs[verb].code,
        community_id=community_id,
        subject=str(subject)[:200],
        facts=facts,
    )
