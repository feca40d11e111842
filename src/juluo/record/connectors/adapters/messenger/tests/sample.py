"""Conversations as Meta exports them, its broken characters included."""

from typing import Any


def broken(text: str) -> str:
    """The text as Meta writes it: each byte of its UTF-8 as a character."""
    return text.encode().decode("latin-1")


MESSAGES: list[dict[str, Any]] = [
    {
        "sender_name": broken("小满"),
        "timestamp_ms": 1767578460456,
        "content": broken("欢迎☕"),
        "reactions": [{"reaction": broken("👍"), "actor": broken("阿树")}],
    },
    {"sender_name": broken("阿树"), "timestamp_ms": 1767578400123, "photos": [{"uri": "messages/inbox/tea_1234567890/photos/1.jpg"}]},
    {"sender_name": broken("阿树"), "timestamp_ms": 1767578400123, "content": "plain"},
    {"sender_name": broken("小满"), "timestamp_ms": 1767578390000, "type": "Subscribe", "users": [{"name": broken("隔壁")}]},
    {"sender_name": broken("隔壁"), "timestamp_ms": 1767578380000, "type": "Unsubscribe", "users": [{"name": broken("隔壁")}]},
    {"sender_name": broken("小满"), "timestamp_ms": 1767578370000, "type": "Call", "call_duration": 3},
    {"sender_name": broken("小满"), "timestamp_ms": 1767578360000, "is_unsent": True},
    {"sender_name": broken("小满"), "timestamp_ms": 1767578350000, "share": {"link": "https://example.org"}},
]
CHAT: dict[str, Any] = {
    "participants": [{"name": broken(name)} for name in ("小满", "阿树", "隔壁")],
    "messages": MESSAGES,
    "title": broken("茶馆"),
    "is_still_participant": True,
    "thread_type": "RegularGroup",
    "thread_path": "inbox/tea_1234567890",
    "magic_words": [],
}
PAIR: dict[str, Any] = {
    **CHAT,
    "participants": [{"name": broken(name)} for name in ("小满", "阿树")],
    "messages": [{"sender_name": broken("阿树"), "timestamp_ms": 1767578400999, "content": broken("悄悄话")}],
    "title": broken("阿树"),
    "thread_path": "inbox/ashu_9876543210",
}
SEALED: dict[str, Any] = {
    "participants": ["小满", "阿树"],
    "threadName": "阿树_7",
    "messages": [
        {
            "isUnsent": False,
            "media": [{"uri": "./media/a.jpg"}],
            "reactions": [],
            "senderName": "阿树",
            "text": "",
            "timestamp": 1767578400000,
            "type": "media",
        },
        {
            "isUnsent": False,
            "media": [],
            "reactions": [{"actor": "小满", "reaction": "❤"}],
            "senderName": "阿树",
            "text": "密信",
            "timestamp": 1767578401000,
            "type": "text",
        },
    ],
}
FILES = {"message_1.json": CHAT}
ACCOUNT = {
    "messages/inbox/tea_1234567890/message_1.json": CHAT,
    "messages/inbox/ashu_9876543210/message_1.json": PAIR,
    "messages/inbox/tea_1234567890/photos/1.txt": "no chat",
}
SAMPLES = [FILES, ACCOUNT, {"阿树_7.json": SEALED}]
