"""What a response tells the page around it."""

import json

from django.http import HttpResponse
from django.test import RequestFactory

from juluo.kit.htmx import go, toast, trigger


def test_several_events_travel_in_one_header():
    response = trigger(toast(HttpResponse(), "已保存"), "members:changed", {"count": 2})

    assert json.loads(response["HX-Trigger"]) == {"juluo:toast": {"text": "已保存", "kind": "success"}, "members:changed": {"count": 2}}


def test_a_header_stays_plain_ascii_whatever_it_says():
    assert toast(HttpResponse(), "已保存 ✓\r\nX: y")["HX-Trigger"].isascii()


def test_a_browser_and_htmx_are_sent_on_each_in_its_way():
    plain = RequestFactory().post("/")
    partial = RequestFactory().post("/")
    partial.htmx = True

    assert (go(plain, "/a")["Location"], go(partial, "/a")["HX-Redirect"]) == ("/a", "/a")
