"""A small fixed cast, and histories made of what they said.

小满 runs the community, 阿树 is a member, a stranger comes from 隔壁. `history` goes through the real staging and the real merge.
"""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from juluo.ground.accounts.models import User
from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import appoint, found
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.types import Channel, Person, PersonKind
from juluo.record.events.types import Event, Kind
from juluo.record.imports.staging import Stage
from juluo.record.lake.actions import merge
from juluo.record.lake.types import Merged
from juluo.record.people.actions import observe, summarise

SOURCE = "test"


def at(moment: str, zone: str = "Asia/Shanghai") -> int:
    """Microseconds of a local moment: `at("2026-03-02 09:30")`."""
    return clock.micros(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def said(
    who: str, moment: str, text: str = "你好", *, channel: str = "大厅", zone: str = "Asia/Shanghai", key: str = "", **more: Any
) -> Event:
    """A message of `who`; its key is made from who, when and what unless given."""
    return Event(
        key=key or f"{who}|{moment}|{text}|{channel}",
        at=at(moment, zone),
        kind=Kind.MESSAGE_CREATED,
        source=SOURCE,
        channel=channel,
        actor=who,
        text=text,
        **more,
    )


def happened(kind: Kind, who: str, moment: str, *, channel: str = "大厅", zone: str = "Asia/Shanghai", key: str = "", **more: Any) -> Event:
    """Anything else `who` did."""
    return Event(key=key or f"{kind}|{who}|{moment}", at=at(moment, zone), kind=kind, source=SOURCE, channel=channel, actor=who, **more)


def joined(who: str, moment: str, **more: Any) -> Event:
    return happened(Kind.MEMBER_JOINED, who, moment, **more)


def left(who: str, moment: str, **more: Any) -> Event:
    return happened(Kind.MEMBER_LEFT, who, moment, **more)


def bot(name: str) -> Person:
    return Person(source=SOURCE, external_id=name, name=name, kind=PersonKind.BOT)


def staff(name: str) -> Person:
    return Person(source=SOURCE, external_id=name, name=name, kind=PersonKind.STAFF)


def history(
    events: Iterable[Event] = (),
    *,
    people: Sequence[Person | Channel] = (),
    zone: str = "Asia/Shanghai",
    name: str = "山里来信",
    into: Community | None = None,
    as_of: int | None = None,
) -> Community:
    """A community with this history, or `into` an existing one: staged, merged, observed and summarised as an import is."""
    community = into or found(name, zone=zone)
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), community_id=community.pk, zone=community.zone)
        for _ in stage.take([*people, *events]):
            pass
        staged = stage.close()
        if staged:
            merge(community, staged, as_of=stage.latest if as_of is None else as_of)
        observe(community, stage.sightings)
    if staged:
        summarise(community)
    return community


def merged(community: Community, events: Iterable[Event], **how: Any) -> Merged:
    """Events staged and merged into a community, and nothing else done; `how` goes to `merge`."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), community_id=community.pk, zone=community.zone)
        for _ in stage.take(events):
            pass
        return merge(community, stage.close(), **({"as_of": stage.latest} | how))


def xiaoman(community: Community | None = None, role: Role = Role.ADMIN) -> User:
    """小满, who runs the community (with another role where a test asks for it)."""
    user, _ = User.objects.get_or_create(
        username=f"xiaoman-{role.value}", defaults={"first_name": "小满", "email": f"{role.value}@juluo.invalid"}
    )
    if community is not None:
        appoint(user, community, role=role)
    return user


def stranger() -> User:
    """Somebody from 隔壁, who has no post anywhere."""
    return User.objects.get_or_create(username="gebi")[0]
