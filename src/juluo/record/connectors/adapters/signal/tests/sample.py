"""Signal's conversations in the four shapes they leave it."""

from typing import Any

ASHU, MAN = "QUFBQUFBQUFBQUFBQUFBQQ==", "QkJCQkJCQkJCQkJCQkJCQg=="
BACKUP: tuple[dict[str, Any], ...] = (
    {"version": "1", "backupTimeMs": "1767600000000"},
    {"account": {"givenName": "小满"}},
    {"recipient": {"id": "1", "self": {}}},
    {"recipient": {"id": "2", "contact": {"aci": ASHU, "profileGivenName": "阿树"}}},
    {"recipient": {"id": "3", "contact": {"aci": MAN, "systemGivenName": "隔壁", "systemFamilyName": "老王"}}},
    {"recipient": {"id": "4", "group": {"masterKey": "R1JPVVA=", "snapshot": {"title": {"title": "茶馆"}}}}},
    {"chat": {"id": "1", "recipientId": "4"}},
    {"chat": {"id": "2", "recipientId": "2"}},
    {
        "chatItem": {
            "chatId": "1",
            "authorId": "2",
            "dateSent": "1767578400000",
            "standardMessage": {
                "text": {"body": "大家好"},
                "attachments": [{"pointer": {"contentType": "image/png"}}],
                "reactions": [{"emoji": "👍", "authorId": "1", "sentTimestamp": "1767578405000"}],
            },
        }
    },
    {
        "chatItem": {
            "chatId": "1",
            "authorId": "1",
            "dateSent": "1767578500000",
            "standardMessage": {"text": {"body": "欢迎你"}, "quote": {"targetSentTimestamp": "1767578400000", "authorId": "2"}},
            "revisions": [{"chatId": "1", "authorId": "1", "dateSent": "1767578410000", "standardMessage": {"text": {"body": "欢迎"}}}],
        }
    },
    {"chatItem": {"chatId": "1", "authorId": "2", "dateSent": "1767578600000", "remoteDeletedMessage": {}}},
    {
        "chatItem": {
            "chatId": "1",
            "authorId": "1",
            "dateSent": "1767578700000",
            "updateMessage": {
                "groupChange": {
                    "updates": [
                        {"groupMemberAddedUpdate": {"updaterAci": ASHU, "newMemberAci": MAN}},
                        {"groupMemberLeftUpdate": {"aci": MAN}},
                        {"groupNameUpdate": {"newGroupName": "茶馆二楼"}},
                    ]
                }
            },
        }
    },
    {
        "chatItem": {
            "chatId": "1",
            "authorId": "1",
            "dateSent": "1767578800000",
            "updateMessage": {"simpleUpdate": {"type": "IDENTITY_UPDATE"}},
        }
    },
    {"chatItem": {"chatId": "2", "authorId": "2", "dateSent": "1767578900000", "standardMessage": {"text": {"body": "悄悄话"}}}},
)
LINES: tuple[dict[str, Any], ...] = (
    {
        "date": "2026-01-05T10:00:00",
        "sender": "阿树",
        "body": "大家好  ",
        "quote": "",
        "sticker": None,
        "reactions": [["小满", "👍"]],
        "attachments": [{"name": "a.png", "path": "media/a.png"}],
    },
    {"date": "2026-01-05T10:01:00", "sender": "Me", "body": "欢迎", "quote": "", "sticker": None, "reactions": [], "attachments": []},
)
ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "conversationId": "c1",
        "type": "incoming",
        "body": "大家好",
        "sent_at": 1767578400000,
        "sourceServiceId": "s2",
        "reactions": [{"emoji": "👍", "fromId": "s1", "timestamp": 1767578405000}],
        "attachments": [{"contentType": "image/png"}],
    },
    {"id": "b", "conversationId": "c1", "type": "outgoing", "body": "欢迎", "sent_at": 1767578410000, "deletedForEveryone": True},
    {"id": "c", "conversationId": "c1", "type": "keychange", "sent_at": 1767578420000},
]
TEXT = "[2026-01-05, 10:00] 阿树: 大家好\n第二行\n[2026-01-05, 10:01] 小满: 欢迎\n"
FILES = {"main.jsonl": BACKUP}
SAMPLES = [FILES, {"茶馆/data.json": LINES, "x.md": "x"}, {"messages.json": ROWS}, {"茶馆.txt": TEXT}]
