"""Parts of pages kept as they were drawn, so that a page is there at once and nobody waits for what was drawn before.

What is kept is shown until it is drawn anew, marked with its time when the history has gone on since. Drawing anew waits until the worker
has counted the new history (`jobs`), or until a part has been shown for as long as its cost allows: what takes ten seconds is not drawn
again within ten minutes, whatever streams in; what takes none is always fresh.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace

from django.core.cache import cache
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import get_language

from juluo.ground.communities.models import Community
from juluo.kit import clock

from ..queries import good_ranges
from ..queries.asking import key_of, state_of
from .asked import Asked
from .plan import Drawn, Page, Part

MATTERS = ("members.export", "texts.manage")  # permissions that change what a part shows
PATIENCE = 60  # a part is shown for so many times as long as it took to draw
LONGEST_QUERY = 1_000
DRAWING = 120  # seconds for which nobody else begins to draw the same
ASKED = ("range", "from", "to", "against", "channel", "who", "export", "shown")


@dataclass(frozen=True)
class State:
    """What a drawing depends on: the history as it is read, and what else is shown (good ranges, the day)."""

    history: str
    look: str


@dataclass(frozen=True)
class Kept:
    """A part as it was drawn. `cost` is in seconds."""

    html: str
    state: State
    made_at: datetime
    cost: float

    def mark(self, is_fresh: bool) -> str:
        """Tells one drawing from another, so that the browser is not sent what it shows already."""
        return f"{self.made_at.timestamp():.6f}{'' if is_fresh else '-old'}"


@dataclass(frozen=True)
class Place:
    """A part on a page: what is kept of it, and whether the browser should ask for it (again)."""

    part: Part
    url: str
    kept: Kept | None
    is_fresh: bool
    asks: bool

    @property
    def mark(self) -> str:
        return self.kept.mark(self.is_fresh) if self.kept else ""


def state_now(community: Community) -> State:
    """The state of this moment."""
    return State(state_of(community.pk, reads_texts=True), key_of(sorted(good_ranges(community).items()), clock.today(community.zone)))


def warmed(community: Community) -> str:
    """The state of the history that the worker counted last."""
    return cache.get(_warm_key(community)) or ""


def say_warmed(community: Community, history: str) -> None:
    cache.set(_warm_key(community), history)


def pulse(community: Community) -> str:
    """A word that changes when there may be something new to see."""
    return key_of(state_now(community), warmed(community))[-12:]


def places(asked: Asked, page: Page, query: QueryDict, urls: Sequence[str]) -> list[Place]:
    """The parts of a page with what is kept of each."""
    now, warm = state_now(asked.community), warmed(asked.community)
    found = []
    for part, url in zip(page.parts, urls, strict=True):
        kept = cache.get(_key(asked, page, part, query))
        is_fresh = kept is not None and kept.state == now
        found.append(Place(part, url, kept, is_fresh, asks=kept is None or (not is_fresh and _is_due(kept, now, warm))))
    return found


def shown(asked: Asked, page: Page, part: Part, query: QueryDict, url: str) -> tuple[Kept | None, bool]:
    """A part as it is to be shown, drawn now where that is due, and whether it is fresh; None while somebody else draws it first."""
    key, now = _key(asked, page, part, query), state_now(asked.community)
    kept: Kept | None = cache.get(key)
    if kept is not None and (kept.state == now or not _is_due(kept, now, warmed(asked.community))):
        return kept, kept.state == now
    if not cache.add(f"{key}.drawing", True, DRAWING):
        return kept, False
    try:
        kept = drawn(asked, page, part, query, url, now)
        cache.set(key, kept)
    finally:
        cache.delete(f"{key}.drawing")
    return kept, True


def drawn(asked: Asked, page: Page, part: Part, query: QueryDict, url: str, now: State) -> Kept:
    """A part, drawn."""
    begun = time.monotonic()
    html = render(asked, page, part, part.draw(asked, query), url)
    return Kept(html, now, clock.now(), time.monotonic() - begun)


def render(asked: Asked, page: Page, part: Part, what: Drawn, url: str) -> str:
    """The markup of a part: it depends on nothing but its arguments and the language, so it can be kept for others."""
    context = {**what, "asked": asked, "page": page, "part": part, "part_url": url, "community": asked.community}
    return render_to_string(part.template, context | {"request": SimpleNamespace(path=url)})


def _is_due(kept: Kept, now: State, warm: str) -> bool:
    if kept.state.history in (now.history, "") or warm == now.history:
        return True  # the figures are counted already
    return (clock.now() - kept.made_at).total_seconds() > PATIENCE * kept.cost


def _key(asked: Asked, page: Page, part: Part, query: QueryDict) -> str:
    choices = sorted((name, tuple(values)) for name, values in _chosen(query))
    may = [asked.may(code) for code in MATTERS]
    return key_of("part", asked.community.pk, page.code, part.code, asked.query, asked.days, choices, may, get_language())


def _chosen(query: QueryDict) -> Iterable[tuple[str, list[str]]]:
    return ((name, [value[:LONGEST_QUERY] for value in values]) for name, values in query.lists() if name not in ASKED)


def _warm_key(community: Community) -> str:
    return key_of("warmed", community.pk)
