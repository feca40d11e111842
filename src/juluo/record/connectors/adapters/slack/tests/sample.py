"""A workspace as Slack exports it, with what a plain export and one with retained edits and deletions hold."""

from typing import Any


def said(user: str, ts: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


USERS = [
    {
        "id": "U1",
        "name": "xiaoman",
        "real_name": "小满",
        "is_bot": False,
        "is_admin": True,
        "tz": "Asia/Shanghai",
        "profile": {"display_name": "小满", "email": "xm@example.org"},
    },
    {
        "id": "U2",
        "name": "ashu",
        "real_name": "阿树",
        "is_bot": False,
        "profile": {"display_name": "", "real_name": "阿树", "title": "园丁"},
    },
    {"id": "U9", "name": "weather", "is_bot": True, "profile": {"real_name": "天气"}},
]
CHANNELS = [
    {"id": "C1", "name": "general", "created": 1767570000, "creator": "U1", "purpose": {"value": "大家都在"}, "topic": {"value": ""}},
    {"id": "C2", "name": "garden"},
]
GENERAL = [
    said("U2", "1767578400.000100", "<@U2> has joined the channel", subtype="channel_join", inviter="U1"),
    said(
        "U1",
        "1767578460.000200",
        "欢迎 <@U2>，看 <https://example.org|说明> &amp; <#C2|garden> <!here>",
        thread_ts="1767578460.000200",
        edited={"user": "U1", "ts": "1767578500.000000"},
        reactions=[{"name": "tada", "users": ["U2", "U9"], "count": 3}],
    ),
    said("U2", "1767578520.000300", "谢谢", thread_ts="1767578460.000200", parent_user_id="U1"),
    said(
        "U2", "1767578530.000400", "看图", subtype="file_share", upload=True, files=[{"id": "F1", "mimetype": "image/png", "name": "a.png"}]
    ),
    {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B7",
        "username": "公告",
        "text": "",
        "ts": "1767578540.000500",
        "attachments": [{"pretext": "新版", "text": "一点零"}],
    },
    said("U9", "1767578550.000600", "晴", bot_id="B9", bot_profile={"name": "天气"}),
    said("U1", "1767578560.000700", "has renamed the channel", subtype="channel_name", old_name="hall", name="general"),
    said("U1", "1767578570.000800", "set the channel topic: 春天", subtype="channel_topic", topic="春天"),
    said("U1", "1767578580.000900", "pinned a message", subtype="pinned_item"),
    {
        "type": "message",
        "subtype": "message_changed",
        "ts": "1767578600.001000",
        "hidden": True,
        "message": said("U2", "1767578520.000300", "谢谢大家", thread_ts="1767578460.000200"),
        "previous_message": said("U2", "1767578520.000300", "谢谢"),
    },
    {
        "type": "message",
        "subtype": "message_deleted",
        "ts": "1767578610.001100",
        "deleted_ts": "1767578530.000400",
        "hidden": True,
        "previous_message": said("U2", "1767578530.000400", "看图"),
    },
    {
        "type": "message",
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "ts": "1767578620.001200",
        "hidden": True,
    },
    said("U3", "1767578630.001300", "路过", user_profile={"display_name": "隔壁", "real_name": "", "name": "gebi"}),
    said("U3", "1767578640.001400", "<@U3> has left the channel", subtype="channel_leave"),
]
GARDEN = [said("U2", "1767578460.000200", "浇水了")]
DIRECT = [said("U1", "1767578460.000200", "私下说")]
FILES = {
    "users.json": USERS,
    "channels.json": CHANNELS,
    "integration_logs.json": [{"user_id": "U1", "change_type": "added"}],
    "general/2026-01-05.json": GENERAL,
    "C2/2026-01-05.json": GARDEN,
}
SAMPLES = [FILES, {"thread.json": GENERAL}]
