"""Answers of Mattermost's API, and its bulk export."""

from typing import Any

XIAOMAN, ASHU, TOWN = "user1aaaaaaaaaaaaaaaaaaaaaa", "user2aaaaaaaaaaaaaaaaaaaaaa", "chan1aaaaaaaaaaaaaaaaaaaaaa"


def post(number: str, ms: int, user: str, message: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "create_at": ms,
        "update_at": ms,
        "edit_at": 0,
        "delete_at": 0,
        "user_id": user,
        "channel_id": TOWN,
        "root_id": "",
        "message": message,
        "type": "",
        "props": {},
        **more,
    }


POSTS: dict[str, Any] = {
    "order": ["p3", "p2", "p1"],
    "posts": {
        "p1": post(
            "p1",
            1767578400000,
            XIAOMAN,
            "欢迎",
            edit_at=1767578500000,
            metadata={"reactions": [{"user_id": ASHU, "post_id": "p1", "emoji_name": "tada", "create_at": 1767578450000}]},
        ),
        "p2": post("p2", 1767578401000, ASHU, "谢谢", root_id="p1", metadata={"files": [{"mime_type": "image/png", "name": "a.png"}]}),
        "p3": post("p3", 1767578402000, ASHU, "ashu joined the channel.", type="system_join_channel", props={"username": "ashu"}),
        "p4": post(
            "p4",
            1767578403000,
            XIAOMAN,
            "gebi added.",
            type="system_add_to_channel",
            props={"username": "xiaoman", "addedUsername": "gebi", "addedUserId": "user3"},
        ),
        "p5": post(
            "p5",
            1767578404000,
            XIAOMAN,
            "x",
            type="system_displayname_change",
            props={"old_displayname": "大厅", "new_displayname": "茶馆"},
        ),
        "p6": post("p6", 1767578405000, XIAOMAN, "x", type="system_header_change"),
        "p7": post("p7", 1767578406000, ASHU, "说错了", delete_at=1767578499000),
        "p8": post("p8", 1767578407000, "hook", "晴", props={"from_webhook": "true", "override_username": "天气"}),
    },
}
USER: dict[str, Any] = {
    "id": ASHU,
    "create_at": 1,
    "username": "ashu",
    "nickname": "阿树",
    "email": "ashu@example.org",
    "roles": "system_user",
}
ADMIN: dict[str, Any] = {
    "id": XIAOMAN,
    "create_at": 1,
    "username": "xiaoman",
    "first_name": "小满",
    "last_name": "",
    "roles": "system_admin system_user",
}
CHANNEL: dict[str, Any] = {
    "id": TOWN,
    "create_at": 1,
    "team_id": "t",
    "name": "town",
    "display_name": "大厅",
    "purpose": "",
    "header": "什么都聊",
}
BULK = (
    {"type": "version", "version": 1},
    {"type": "team", "team": {"name": "tea", "display_name": "茶馆", "type": "O"}},
    {"type": "channel", "channel": {"team": "tea", "name": "town", "display_name": "大厅", "type": "O", "purpose": "什么都聊"}},
    {"type": "user", "user": {"username": "xiaoman", "email": "xm@example.org", "nickname": "小满", "roles": "system_admin system_user"}},
    {"type": "user", "user": {"username": "ashu", "email": "ashu@example.org", "nickname": "阿树", "roles": "system_user"}},
    {
        "type": "post",
        "post": {
            "team": "tea",
            "channel": "town",
            "user": "xiaoman",
            "message": "欢迎",
            "create_at": 1767578400000,
            "edit_at": 1767578500000,
            "reactions": [{"user": "ashu", "emoji_name": "tada", "create_at": 1767578450000}],
            "replies": [{"user": "ashu", "message": "谢谢", "create_at": 1767578401000, "attachments": [{"path": "data/a.png"}]}],
        },
    },
    {
        "type": "post",
        "post": {
            "team": "tea",
            "channel": "town",
            "user": "ashu",
            "message": "joined",
            "create_at": 1767578402000,
            "type": "system_join_channel",
        },
    },
    {
        "type": "direct_post",
        "direct_post": {"channel_members": ["xiaoman", "ashu"], "user": "ashu", "message": "悄悄话", "create_at": 1767578403000},
    },
    {"type": "mystery", "mystery": {}},
)
FILES = {"posts.json": POSTS, "users/ashu.json": USER, "users/xiaoman.json": ADMIN, "channel.json": CHANNEL}
SAMPLES = [FILES, {"bulk.jsonl": BULK}]
