"""Messages of a Gitter room as its API gave them."""

from typing import Any

ASHU = {"id": "u2", "username": "ashu", "displayName": "阿树"}


def said(number: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "text": text, "html": text, "sent": "2026-01-05T02:00:00.123Z", "fromUser": ASHU, "unread": False, "v": 1, **more}


PAGE = [said("g1", "大家好"), said("g2", "回一句", parentId="g1", editedAt="2026-01-05T02:05:00.000Z")]
ROOMS = [{"id": "room1", "name": "茶馆/大厅", "topic": "", "oneToOne": False, "githubType": "REPO_CHANNEL"}]
FILES: dict[str, Any] = {"message_page_1": PAGE, "rooms": ROOMS}
SAMPLES = [FILES, {"room.jsonl": tuple(PAGE)}]
