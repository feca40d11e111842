"""Pages of Rocket.Chat's API and lines of a dump of its database."""

from typing import Any

XIAOMAN = {"_id": "u1", "username": "xiaoman", "name": "小满"}
ASHU = {"_id": "u2", "username": "ashu", "name": "阿树"}


def said(number: str, ts: str, who: dict[str, Any], msg: str, **more: Any) -> dict[str, Any]:
    return {"_id": number, "rid": "r1", "msg": msg, "ts": ts, "u": who, "_updatedAt": ts, **more}


MESSAGES = [
    said("m1", "2026-01-05T02:00:00.123Z", XIAOMAN, "欢迎", reactions={":tada:": {"usernames": ["ashu", "gebi"]}}),
    said(
        "m2",
        "2026-01-05T02:01:00.000Z",
        ASHU,
        "谢谢大家",
        tmid="m1",
        editedAt="2026-01-05T02:02:00.000Z",
        editedBy={"_id": "u1", "username": "xiaoman"},
    ),
    said("m3", "2026-01-05T02:01:00.000Z", ASHU, "谢谢", tmid="m1", _hidden=True, parent="m2"),
    said("m4", "2026-01-05T02:03:00.000Z", ASHU, "ashu", t="uj"),
    said("m5", "2026-01-05T02:04:00.000Z", XIAOMAN, "gebi", t="au"),
    said("m6", "2026-01-05T02:05:00.000Z", XIAOMAN, "gebi", t="ru"),
    said("m7", "2026-01-05T02:06:00.000Z", XIAOMAN, "茶馆", t="r"),
    said("m8", "2026-01-05T02:07:00.000Z", ASHU, "", t="rm", editedAt="2026-01-05T02:08:00.000Z"),
    said("m9", "2026-01-05T02:09:00.000Z", XIAOMAN, "", t="message_pinned"),
    said(
        "m10",
        "2026-01-05T02:10:00.000Z",
        {"_id": "u9", "username": "rocket.cat", "name": "猫"},
        "喵",
        file={"type": "image/png", "name": "a.png"},
    ),
]
PAGE: dict[str, Any] = {"messages": MESSAGES, "count": 10, "offset": 0, "total": 10, "success": True}
INFO: dict[str, Any] = {"channel": {"_id": "r1", "name": "town", "fname": "大厅", "topic": "什么都聊"}, "success": True}
DUMP = (
    said("d1", {"$date": "2026-01-05T02:00:00.123Z"}, XIAOMAN, "文本时间"),  # type: ignore[arg-type]
    said("d2", {"$date": {"$numberLong": "1767578401000"}}, ASHU, "长整数时间"),  # type: ignore[arg-type]
    said("d3", {"$date": 1767578402000}, ASHU, "整数时间"),  # type: ignore[arg-type]
)
FILES = {"page_1.json": PAGE, "channel_info.json": INFO}
SAMPLES = [FILES, {"messages.jsonl": DUMP}]
