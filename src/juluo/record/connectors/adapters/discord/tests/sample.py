"""One channel as DiscordChatExporter writes it, as JSON and as CSV. The numbers are snowflakes of their times."""

from typing import Any

from juluo.record.connectors.tests.shelf import at

XIAOMAN = {
    "id": "1001",
    "name": "xiaoman",
    "nickname": "小满",
    "isBot": False,
    "roles": [{"id": "1", "name": "管理员", "color": None, "position": 2}],
}
ASHU = {"id": "1002", "name": "ashu", "nickname": "阿树", "isBot": False, "roles": []}
STRANGER = {"id": "1003", "name": "gebi", "nickname": "隔壁", "isBot": False, "roles": []}
HELPER = {"id": "1004", "name": "helper", "nickname": "小助手", "isBot": True, "roles": []}


def number(moment: str) -> str:
    """The number Discord would give a message of that moment."""
    return str(((at(moment) // 1000 - 1_420_070_400_000) << 22) + 5)


def message(moment: str, author: dict[str, Any], content: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number(moment),
        "type": "Default",
        "timestamp": moment,
        "timestampEdited": None,
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": content,
        "author": author,
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        **more,
    }


FIRST = "2026-01-05T02:00:00.123+00:00"
SECOND = "2026-01-05T02:01:00.456+00:00"
CHANNEL = {"id": "900", "type": "GuildTextChat", "categoryId": "800", "category": "大厅", "name": "闲聊", "topic": "什么都聊"}
MESSAGES = [
    message("2026-01-05T01:59:00.001+00:00", ASHU, "Joined the server.", type="GuildMemberJoin"),
    message(
        FIRST,
        XIAOMAN,
        "欢迎",
        isPinned=True,
        timestampEdited="2026-01-05T02:05:00.5+00:00",
        reactions=[
            {"emoji": {"id": "", "name": "👍", "code": "thumbsup"}, "count": 3, "users": [ASHU, HELPER]},
            {"emoji": {"id": "77", "name": "party", "code": "party"}, "count": 2},
        ],
    ),
    message(
        SECOND,
        ASHU,
        "大家好",
        type="Reply",
        reference={"messageId": number(FIRST), "channelId": "900", "guildId": "1"},
        attachments=[{"id": "1", "url": "https://cdn/x.png", "fileName": "x.png", "fileSizeBytes": 1}],
    ),
    message("2026-01-05T02:02:00+00:00", HELPER, "", embeds=[{"title": "天气", "description": "晴"}]),
    message("2026-01-05T02:03:00+00:00", XIAOMAN, "Pinned a message.", type="ChannelPinnedMessage"),
    message("2026-01-05T02:04:00+00:00", XIAOMAN, "Changed the channel name: 闲聊.", type="ChannelNameChange"),
    message("2026-01-05T02:06:00+00:00", ASHU, "谢谢助攻", type="8"),
]
EXPORT: dict[str, Any] = {
    "guild": {"id": "1", "name": "茶馆", "iconUrl": ""},
    "channel": CHANNEL,
    "dateRange": {"after": None, "before": None},
    "messages": MESSAGES,
    "messageCount": len(MESSAGES),
}
TABLE = (
    "AuthorID,Author,Date,Content,Attachments,Reactions\r\n"
    '"1002","ashu","2026-01-05T09:59:00.0010000+08:00","Joined the server.","",""\r\n'
    '"1001","xiaoman#0000","2026-01-05T10:00:00.1230000+08:00","欢迎","","👍 (3),party (2)"\r\n'
    '"1002","ashu","2026-01-05T10:01:00.4560000+08:00","大家好","https://cdn/x.png",""\r\n'
    '"1004","helper","2026-01-05T10:02:00.0000000+08:00","两行\r\n话","",""\r\n'
    '"1001","xiaoman#0000","2026-01-05T10:03:00.0000000+08:00","Pinned a message.","",""\r\n'
    '"1001","xiaoman#0000","2026-01-05T10:04:00.0000000+08:00","Changed the channel name: 闲聊.","",""\r\n'
)
FILES = {"茶馆 - 大厅 - 闲聊 [900].json": EXPORT}
TABLES = {"茶馆 - 大厅 - 闲聊 [900].csv": TABLE}
SAMPLES = [FILES, TABLES]
