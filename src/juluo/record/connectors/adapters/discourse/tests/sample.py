"""What Discourse's API answers: a topic, the latest posts, lists."""

from typing import Any


def post(number: int, topic: int, place: int, who: str, cooked: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "topic_id": topic,
        "post_number": place,
        "username": who,
        "name": "",
        "created_at": f"2026-01-05T02:{place:02}:00.000Z",
        "updated_at": f"2026-01-05T02:{place:02}:00.000Z",
        "cooked": cooked,
        "post_type": 1,
        "version": 1,
        "reply_to_post_number": None,
        "user_id": 7,
        "staff": False,
        "actions_summary": [],
        **more,
    }


POSTS = [
    post(
        70,
        9,
        1,
        "xiaoman",
        "<p>租金<strong>两千</strong></p>",
        name="小满",
        staff=True,
        actions_summary=[{"id": 2, "count": 3}, {"id": 4, "count": 1}],
    ),
    post(
        71,
        9,
        2,
        "ashu",
        '<p>太贵</p><p><img src="a.png"></p>',
        name="阿树",
        reply_to_post_number=1,
        version=2,
        updated_at="2026-01-05T03:00:00.000Z",
    ),
    post(72, 9, 3, "xiaoman", "", post_type=3),
    post(73, 9, 4, "system", "<p>话题已自动归档</p>", user_id=-1, reply_to_post_number=2),
]
TOPIC: dict[str, Any] = {
    "archetype": "regular",
    "chunk_size": 20,
    "posts_count": 4,
    "id": 9,
    "post_stream": {"posts": POSTS, "stream": [70, 71, 72, 73]},
    "category_id": 5,
    "title": "开店",
    "details": {"links": []},
}
LATEST: dict[str, Any] = {
    "latest_posts": [post(80, 11, 2, "ashu", "<p>b</p>", category_id=5), post(79, 11, 1, "gebi", "x", raw="**a**", topic_title="路过")]
}
CATEGORIES: dict[str, Any] = {"category_list": {"categories": [{"id": 5, "name": "生意", "description_text": "买与卖"}]}}
LIST: dict[str, Any] = {"topic_list": {"topics": [{"id": 9, "title": "开店"}]}}
FILES = {"t/9.json": TOPIC, "posts.json": LATEST, "categories.json": CATEGORIES, "latest.json": LIST}
SAMPLES = [FILES, {"topic.json": TOPIC}, {"posts.jsonl": tuple(POSTS)}]
