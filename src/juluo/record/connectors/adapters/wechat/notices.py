"""The grey lines of WeChat and QQ groups: who came, was invited, was removed, took a message back, renamed the group."""

import re
from typing import Any, NamedTuple

from juluo.record.connectors.rules.names import clean
from juluo.record.events.types import Kind


class Notice(NamedTuple):
    """What a grey line says, in display names; `YOU` is the one whose phone it was."""

    kind: Kind
    who: tuple[str, ...]
    by: str = ""
    new: str = ""
    was_removed: bool = False


_N = '["“「]?(.{1,64}?)["”」]?'
_L = '["“「]?(.{1,900}?)["”」]?'
_HERE = "(?:本群|该群|群聊|群组|群)"
_INVITED = re.compile(rf"{_N}\s?邀请\s?{_L}\s?加入了?{_HERE}.{{0,60}}$")
_SCANNED = re.compile(rf"{_N}\s?通过扫描\s?{_N}\s?分享的二维码加入(?:了)?{_HERE}.{{0,60}}$")
_JOINED = re.compile(rf"{_N}\s?(?:已|通过.{{1,40}}?)?\s?加入了?{_HERE}.{{0,20}}$")
_REMOVED = re.compile(rf"{_N}\s?将\s?{_L}\s?移(?:出|除)了?{_HERE}$")
_BEEN_REMOVED = re.compile(rf"{_N}\s?(?:已)?被\s?{_N}\s?(?:移(?:出|除)|踢出)了?{_HERE}$")
_LEFT = re.compile(rf"{_N}\s?(?:已)?(?:退出|离开)了?{_HERE}$")
_TAKEN_BACK = re.compile(rf"{_N}\s?撤回了(?:一条消息|.{{1,30}}的一条消息|成员.{{1,64}}的一条消息)$")
_RETITLED = re.compile(rf"{_N}\s?(?:修改|更改|将|把)(?:了)?{_HERE}?(?:名|名称|聊名称)(?:修改|更改|改)?为\s?[\"“「](.{{1,120}}?)[\"”」]$")
YOU = "你"
_LINK = re.compile(r"<[^<>]{0,300}>")


def notice(text: str) -> Notice | None:
    """What a grey line means, or None when it tells nothing about members (red packets, greetings, privacy hints)."""
    said = clean(_LINK.sub("", text[:1_200])).rstrip("。.")
    if match := _TAKEN_BACK.match(said):
        return Notice(Kind.MESSAGE_DELETED, _people(match[1]))
    if match := _RETITLED.match(said):
        return Notice(Kind.CHANNEL_RENAMED, _people(match[1]), new=clean(match[2]))
    if match := _SCANNED.match(said):
        return Notice(Kind.MEMBER_JOINED, _people(match[1]), _person(match[2]))
    if match := _INVITED.match(said):
        return Notice(Kind.MEMBER_JOINED, _people(match[2]), _person(match[1]))
    if match := _REMOVED.match(said):
        return Notice(Kind.MEMBER_LEFT, _people(match[2]), _person(match[1]), was_removed=True)
    if match := _BEEN_REMOVED.match(said):
        return Notice(Kind.MEMBER_LEFT, _people(match[1]), _person(match[2]), was_removed=True)
    if match := _LEFT.match(said):
        return Notice(Kind.MEMBER_LEFT, _people(match[1]))
    if match := _JOINED.match(said):
        return Notice(Kind.MEMBER_JOINED, _people(match[1]))
    return None


def facts(told: Notice, by: str) -> dict[str, Any] | None:
    """The small extras of a notice's event: who did it, whether it was done to them, the group's new name."""
    found: dict[str, Any] = {"by": by} if by else {}
    if told.was_removed:
        found["removed"] = True
    if told.new:
        found = {"name": told.new}
    return found or None


def _person(name: str) -> str:
    name = clean(name).strip('"“”「」')
    return YOU if name in ("您", "我") else name


def _people(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in names.split("、") if (name := _person(part))))
