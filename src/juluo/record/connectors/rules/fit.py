"""The last look at what a reader yields: nothing a hostile export holds may be more than the stores can take."""

from hashlib import blake2b
from typing import Any

import msgspec

from juluo.record.events.types import Event

from ..types import Channel, Item, Person, Profile, Reject

LONGEST_ID = 190  # the stores give ids and names 200 characters


def short(text: str) -> str:
    """An id or name that fits the stores: the same for the same text, without zero bytes."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if len(text) <= LONGEST_ID:
        return text
    return f"{text[: LONGEST_ID - 17]}~{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def is_fit(event: Event) -> bool:
    """Whether the stores can take the event as it is, which is so unless an export means harm."""
    text = event.text
    return (
        (text is None or "\x00" not in text)
        and 0 < len(event.key) <= LONGEST_ID
        and 0 < len(event.actor) <= LONGEST_ID
        and len(event.channel) <= LONGEST_ID
        and "\x00" not in event.key
        and "\x00" not in event.actor
        and "\x00" not in event.channel
    )


def fitted(item: Item) -> Item:
    """The item as the stores can take it, whatever a hostile export put into it. Almost always the item itself.

    An event without key or actor, which only an export made to harm can bring about, becomes a `Reject`.
    """
    if isinstance(item, Event):
        return item if is_fit(item) else _fitted_event(item)
    if isinstance(item, Person):
        aliases = tuple(short(alias) for alias in item.aliases[:20])
        return msgspec.structs.replace(item, external_id=short(item.external_id), name=short(item.name), aliases=aliases)
    if isinstance(item, Channel):
        purpose = item.purpose.replace("\x00", "")[:10_000]
        return msgspec.structs.replace(item, external_id=short(item.external_id), name=short(item.name), purpose=purpose)
    if isinstance(item, Profile):
        return msgspec.structs.replace(item, external_id=short(item.external_id), name=short(item.name), tags=item.tags[:4_000])
    if len(item.excerpt) > LONGEST_ID or "\x00" in item.excerpt:
        return msgspec.structs.replace(item, excerpt=item.excerpt.replace("\x00", "")[:LONGEST_ID])
    return item


def _fitted_event(event: Event) -> Event | Reject:
    fields: dict[str, Any] = {name: short(getattr(event, name)) for name in ("key", "channel", "actor")}
    if not fields["key"] or not fields["actor"]:
        return Reject("", 0, "bad_row" if fields["actor"] else "no_sender", (event.text or "")[:80])
    fields |= {name: short(value) for name in ("reply_to", "target", "thread") if (value := getattr(event, name)) is not None}
    if event.text is not None:
        fields["text"] = event.text.replace("\x00", "")
    return msgspec.structs.replace(event, **fields)
