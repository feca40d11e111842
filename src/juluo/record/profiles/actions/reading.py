"""Text tags: who writes what a tag looks for."""

from datetime import date, timedelta

from juluo.kit import clock
from juluo.record.lake.queries import ask, revision

from ..measures import TALKED_ABOUT, WRITTEN
from ..models import Tag
from ..rules import pattern
from ..types import Holding, TagKind
from .tags import set_holders

EVER = date(1970, 1, 1)


def recompute_text(tag: Tag) -> tuple[int, int]:
    """Ask the lake who holds a text tag now: (how many came, how many went). Does nothing for other tags."""
    if tag.kind != TagKind.TEXT:
        return 0, 0
    community = tag.community
    seen = revision(community.pk)
    start = clock.today(community.zone) - timedelta(days=tag.days - 1) if tag.days else EVER
    question = TALKED_ABOUT if tag.is_topic else WRITTEN
    found = ask(community.pk, question, start=start, least=tag.least, pattern=pattern(tag.words), words=list(tag.words))
    rows = zip(found["member"].to_pylist(), found["n"].to_pylist(), found["last"].to_pylist(), strict=True)
    # Why it is held: how often, until when. The words and the window stand on the tag itself.
    holdings = [Holding(member, {"count": n, "last": last.isoformat()}) for member, n, last in rows]
    return set_holders(tag, holdings, computed_from=seen)
