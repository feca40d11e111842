"""Instagram's conversations (message_1.json …), single or with the whole account around them."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from juluo.kit.archive import Pack
from juluo.kit.errors import N_

from ...types import Item, Plan
from .. import meta


class InstagramExport:
    """Reads Instagram's JSON. There are no ids but the conversation's: people go by their names, messages by their moment and sender."""

    code: ClassVar[str] = "instagram"
    source: ClassVar[str] = "instagram"
    title: ClassVar[str] = N_("Instagram 导出（JSON）")

    def look(self, pack: Pack) -> Plan | None:
        return meta.look(pack, self.code, rival="messenger")

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return meta.read(pack, answers, self.source)
