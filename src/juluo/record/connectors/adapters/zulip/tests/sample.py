"""Messages as an archive keeps them one a line, a page of the API, and a server's own export."""

from typing import Any


def row(number: int, who: str, content: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "timestamp": 1767578400 + number,
        "sender_full_name": who,
        "stream_id": 31,
        "stream": "闲聊",
        "topic": "开店",
        "content": content,
        **more,
    }


QUOTE = (
    '<p><span class="user-mention silent" data-user-id="1">小满 掌柜</span> '
    '<a href="#narrow/stream/31/topic/x/near/1" title="x">said</a>:</p>\n'
    "<blockquote>\n<p>租金两千</p>\n</blockquote>\n<p>太贵了 &amp; 太远</p>"
)
FORMULA = (
    '<p>见 <span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">'
    "x^2</annotation></semantics></math></span>"
    '<span class="katex-html" aria-hidden="true"><span class="base"><span>x</span></span></span></span>'
    ' 与 <code>f x</code></p>\n<div class="codehilite"><pre><span></span><code><span class="n">let</span> <span class="n">a</span>\n'
    '<span class="k">in</span> b\n</code></pre></div>'
)
ROWS = (
    row(1, "小满", "<p>租金两千</p>"),
    row(2, "阿树", QUOTE),
    row(3, "Welcome Bot", "<p>欢迎<br>\n新人</p>"),
    row(4, "阿树", FORMULA, stream_id=None),
    row(2, "阿树", QUOTE, stream_id=32, stream="买卖", topic="租房"),
)
PAGE: dict[str, Any] = {
    "result": "success",
    "msg": "",
    "messages": [
        {
            "id": 1,
            "timestamp": 1767578401,
            "sender_id": 101,
            "sender_email": "xiaoman@example.org",
            "sender_full_name": "小满",
            "stream_id": 31,
            "display_recipient": "闲聊",
            "subject": "开店",
            "type": "stream",
            "content": "<p>租金两千</p>",
            "last_edit_timestamp": 1767578500,
            "reactions": [{"emoji_name": "heart", "user_id": 102, "user": {"id": 102, "full_name": "阿树"}}],
        },
        {
            "id": 9,
            "timestamp": 1767578409,
            "sender_id": 104,
            "sender_email": "rss-bot@example.org",
            "sender_full_name": "新闻",
            "display_recipient": [{"id": 1}, {"id": 2}],
            "type": "private",
            "content": "<p>悄悄话</p>",
        },
    ],
}
REALM: dict[str, Any] = {
    "zerver_realm": [{"id": 2, "name": "茶馆"}],
    "zerver_reaction": [
        {"id": 1, "message": 1, "user_profile": 102, "emoji_name": "heart"},
        {"id": 2, "message": 8, "user_profile": 102, "emoji_name": "heart"},
    ],
    "zerver_userprofile": [
        {"id": 101, "full_name": "小满", "is_bot": False, "role": 100, "delivery_email": "xm@example.org", "date_joined": 1767570000.5},
        {"id": 102, "full_name": "阿树", "is_bot": False, "role": 400, "date_joined": 1767570100},
        {"id": 103, "full_name": "新闻", "is_bot": True, "role": 400, "date_joined": 1767570200},
    ],
    "zerver_stream": [{"id": 31, "name": "闲聊", "description": "什么都聊"}],
    "zerver_recipient": [{"id": 501, "type": 2, "type_id": 31}, {"id": 502, "type": 1, "type_id": 101}],
}
STORED: dict[str, Any] = {
    "zerver_message": [
        {
            "id": 1,
            "sender": 101,
            "recipient": 501,
            "subject": "开店",
            "content": "租金两千",
            "rendered_content": "<p>租金两千</p>",
            "date_sent": 1767578401.0,
        },
        {
            "id": 2,
            "sender": 102,
            "recipient": 501,
            "subject": "开店",
            "content": "x",
            "rendered_content": QUOTE,
            "date_sent": 1767578402.25,
            "last_edit_time": 1767578500.0,
        },
        {"id": 8, "sender": 102, "recipient": 502, "subject": "", "content": "悄悄话", "rendered_content": None, "date_sent": 1767578408.0},
    ],
    "zerver_usermessage": [],
}
FILES = {"rows.jsonl": ROWS}
TARBALL = {
    "zulip-export/realm.json": REALM,
    "zulip-export/messages-000001.json": STORED,
    "zulip-export/attachment.json": {"zerver_attachment": []},
}
SAMPLES = [FILES, {"page.json": PAGE}, TARBALL]
