"""The check-list of the operation: what is set up, stale or broken."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from juluo.ground.accounts.models import User
from juluo.kit.errors import N_

from ..inspecting import inspected
from ..registry import Asked, Section
from ..types.blocks import Block, Item, Items, Text, Tone
from ..types.settings import Setting
from ..words import said

TONES: dict[str, Tone] = {"ok": "good", "warn": "warn", "bad": "bad"}


class Inspected(msgspec.Struct, frozen=True):
    code: str
    title: str
    state: Literal["ok", "warn", "bad"]
    sentence: str
    remedy: str
    facts: dict[str, Any]


class Practice(msgspec.Struct, frozen=True):
    items: tuple[Inspected, ...]


def gather(asked: Asked) -> Practice | None:
    if not User.objects.exists():
        return None  # a report on a file alone: there is no operation to look at
    found = inspected(asked.community)
    if not found:
        return None
    return Practice(
        tuple(
            Inspected(one.code, one.title, finding.state, finding.sentence, finding.remedy, dict(finding.facts)) for one, finding in found
        )
    )


def tell(data: Practice, setting: Setting) -> Sequence[Block]:
    open_ones = [one for one in data.items if one.state != "ok"]
    lead = said(N_("%(n)s 项要补上。"), {"n": len(open_ones)}) if open_ones else said(N_("该建的都建了，没有过期和断掉的。"))
    return (
        Text(lead, "" if open_ones else "good", is_lead=True),
        Items(
            said(N_("社群健康检查")),
            tuple(
                Item(
                    said(one.title),
                    " ".join(filter(None, (said(one.sentence, one.facts), said(one.remedy, one.facts) if one.remedy else ""))),
                    tone=TONES[one.state],
                    is_done=one.state == "ok",
                )
                for one in sorted(data.items, key=lambda one: ("bad", "warn", "ok").index(one.state))
            ),
        ),
    )


SECTION = Section("practice", N_("运营基本功"), 120, Practice, gather, tell, is_live=True)
