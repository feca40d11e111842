"""A group as Telegram Desktop writes it. 小满 runs it, 阿树 is a member, a stranger comes from 隔壁."""

from typing import Any

CHAT: dict[str, Any] = {
    "name": "茶馆",
    "type": "private_supergroup",
    "id": 1234567890,
    "messages": [
        {
            "id": 1,
            "type": "service",
            "date": "2026-01-05T10:00:00",
            "date_unixtime": "1767578400",
            "actor": "小满",
            "actor_id": "user101",
            "action": "create_group",
            "title": "茶馆",
            "members": ["小满", "阿树"],
            "text": "",
        },
        {
            "id": 2,
            "type": "message",
            "date": "2026-01-05T10:01:00",
            "date_unixtime": "1767578460",
            "edited": "2026-01-05T10:05:00",
            "edited_unixtime": "1767578700",
            "from": "小满",
            "from_id": "user101",
            "text": ["欢迎，看 ", {"type": "link", "text": "https://example.org"}],
            "reactions": [
                {
                    "type": "emoji",
                    "count": 3,
                    "emoji": "👍",
                    "recent": [{"from": "阿树", "from_id": "user102", "date": "2026-01-05T10:02:30"}],
                }
            ],
        },
        {
            "id": 3,
            "type": "message",
            "date": "2026-01-05T10:03:00",
            "date_unixtime": "1767578580",
            "from": "阿树",
            "from_id": "user102",
            "reply_to_message_id": 2,
            "photo": "photos/a.jpg",
            "text": "谢谢！",
        },
        {
            "id": 4,
            "type": "service",
            "date": "2026-01-06T09:00:00",
            "date_unixtime": "1767661200",
            "actor": "隔壁老王",
            "actor_id": "user103",
            "action": "join_group_by_link",
            "inviter": "阿树",
            "text": "",
        },
        {
            "id": 5,
            "type": "service",
            "date": "2026-01-06T09:30:00",
            "date_unixtime": "1767663000",
            "actor": "小满",
            "actor_id": "user101",
            "action": "invite_members",
            "members": ["没说过话的人"],
            "text": "",
        },
        {
            "id": 6,
            "type": "service",
            "date": "2026-01-06T10:00:00",
            "date_unixtime": "1767664800",
            "actor": "小满",
            "actor_id": "user101",
            "action": "edit_group_title",
            "title": "茶馆·二楼",
            "text": "",
        },
        {
            "id": 7,
            "type": "service",
            "date": "2026-01-06T10:01:00",
            "date_unixtime": "1767664860",
            "actor": "小满",
            "actor_id": "user101",
            "action": "pin_message",
            "message_id": 2,
            "text": "",
        },
        {
            "id": 8,
            "type": "message",
            "date": "2026-01-06T11:00:00",
            "date_unixtime": "1767668400",
            "from": "天气 Bot",
            "from_id": "user104",
            "text": "晴",
        },
        {
            "id": 9,
            "type": "service",
            "date": "2026-01-07T11:00:00",
            "date_unixtime": "1767754800",
            "actor": "小满",
            "actor_id": "user101",
            "action": "remove_members",
            "members": ["隔壁老王"],
            "text": "",
        },
    ],
}

FORUM: dict[str, Any] = {
    "name": "论坛",
    "type": "public_supergroup",
    "id": 555,
    "messages": [
        {
            "id": 10,
            "type": "service",
            "date_unixtime": "1767578400",
            "actor": "小满",
            "actor_id": "user101",
            "action": "topic_created",
            "title": "开店",
        },
        {
            "id": 11,
            "type": "message",
            "date_unixtime": "1767578401",
            "from": "阿树",
            "from_id": "user102",
            "text": "租金多少？",
            "reply_to_message_id": 10,
        },
        {
            "id": 12,
            "type": "message",
            "date_unixtime": "1767578402",
            "from": "小满",
            "from_id": "user101",
            "text": "两千",
            "reply_to_message_id": 11,
        },
    ],
}

FRIEND: dict[str, Any] = {
    "name": "阿树",
    "type": "personal_chat",
    "id": 102,
    "messages": [{"id": 1, "type": "message", "date_unixtime": "1767578400", "from": "阿树", "from_id": "user102", "text": "周末见"}],
}

ACCOUNT: dict[str, Any] = {
    "about": "Here is the data you requested.",
    "personal_information": {"user_id": 101, "first_name": "小满"},
    "contacts": {"list": [{"user_id": 102, "first_name": "阿树"}]},
    "chats": {"about": "This page lists all chats.", "list": [CHAT, FRIEND]},
    "left_chats": {"list": [FORUM]},
}

UPDATES: dict[str, Any] = {
    "ok": True,
    "result": [
        {
            "update_id": 1,
            "message": {
                "message_id": 2,
                "date": 1767578460,
                "chat": {"id": -1001234567890, "type": "supergroup", "title": "茶馆"},
                "from": {"id": 101, "first_name": "小满", "is_bot": False},
                "text": "欢迎",
            },
        },
        {
            "update_id": 2,
            "edited_message": {
                "message_id": 2,
                "date": 1767578460,
                "edit_date": 1767578700,
                "chat": {"id": -1001234567890, "type": "supergroup", "title": "茶馆"},
                "from": {"id": 101, "first_name": "小满", "is_bot": False},
                "text": "欢迎各位",
            },
        },
        {
            "update_id": 3,
            "message": {
                "message_id": 4,
                "date": 1767661200,
                "chat": {"id": -1001234567890, "type": "supergroup", "title": "茶馆"},
                "from": {"id": 103, "first_name": "隔壁老王", "is_bot": False},
                "new_chat_members": [{"id": 103, "first_name": "隔壁老王", "is_bot": False}],
            },
        },
        {"update_id": 4, "poll": {"id": "1"}},
    ],
}

FILES = {"result.json": CHAT}
SAMPLES = [FILES, {"result.json": ACCOUNT}, {"updates.json": UPDATES}]
