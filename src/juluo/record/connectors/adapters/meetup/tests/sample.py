"""Lists of a Meetup group as its API gave them."""

from typing import Any

ASHU = {"id": 2, "name": "阿树", "event_context": {"host": False}}
XIAOMAN = {"id": 1, "name": "小满", "role": "organizer", "event_context": {"host": True}}
EVENT = {"id": "e1", "name": "春日茶会", "time": 1767700000000, "yes_rsvp_count": 2}
RSVPS: list[dict[str, Any]] = [
    {"created": 1767578400000, "updated": 1767578400000, "event": EVENT, "guests": 0, "member": XIAOMAN, "response": "yes"},
    {"created": 1767578401000, "updated": 1767578401000, "event": EVENT, "guests": 1, "member": ASHU, "response": "waitlist"},
    {
        "created": 1767578402000,
        "updated": 1767578402000,
        "event": EVENT,
        "guests": 0,
        "member": {"id": 3, "name": "隔壁"},
        "response": "no",
    },
]
COMMENTS: list[dict[str, Any]] = [
    {
        "id": 31,
        "comment": "真好",
        "created": 1767800000000,
        "like_count": 2,
        "link": "https://www.meetup.com/tea/events/e1/comments/31/",
        "member": ASHU,
    },
    {"id": 32, "comment": "下次再来", "created": 1767800001000, "like_count": 0, "in_reply_to": 31, "member": XIAOMAN},
]
EVENTS: list[dict[str, Any]] = [{**EVENT, "plain_text_description": "带上杯子", "event_hosts": [{"id": 1, "name": "小满"}]}]
FILES = {"rsvps.json": RSVPS, "comments.json": COMMENTS, "events.json": EVENTS}
SAMPLES = [FILES, {"rsvps.json": RSVPS}, {"comments.json": COMMENTS}]
