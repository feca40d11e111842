"""Many rows at once, as the ORM would have written them."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction

from juluo.kit import bulk

pytestmark = pytest.mark.django_db

NAMES = ("app_label", "model")
SESSION = ("session_key", "session_data", "expire_date")


def kinds():
    return sorted(ContentType.objects.filter(app_label="hill").values_list("model", flat=True))


def test_rows_go_in():
    bulk.insert(ContentType, NAMES, [("hill", "letter"), ("hill", "path")])

    assert kinds() == ["letter", "path"]


def test_a_row_that_is_there_is_left_alone():
    bulk.insert(ContentType, NAMES, [("hill", "letter")])
    bulk.insert(ContentType, NAMES, [("hill", "letter"), ("hill", "path")], unique=NAMES)

    assert kinds() == ["letter", "path"]


def test_a_row_that_is_there_takes_what_is_new():
    bulk.insert(Session, SESSION, [("k", "old", moment(1))])
    bulk.insert(
        Session,
        SESSION,
        [("k", "new", moment(2))],
        unique=("session_key",),
        update=("session_data",),
    )

    assert Session.objects.values_list("session_data", "expire_date").get() == ("new", moment(1))


def test_moments_are_kept_exactly():
    bulk.insert(Session, SESSION, [("k", "", moment(1, 123_456))])
    bulk.update(Session, ("expire_date",), [("k", moment(2, 654_321))])

    assert Session.objects.get().expire_date == moment(2, 654_321)


def test_only_the_rows_named_change():
    bulk.insert(ContentType, NAMES, [("hill", "letter"), ("hill", "path")])
    letter = ContentType.objects.get(model="letter").pk

    bulk.update(ContentType, ("model",), [(letter, "postcard")])

    assert kinds() == ["path", "postcard"]


def test_fresh_numbers_are_nobody_elses():
    with transaction.atomic():
        first, second = bulk.numbers(ContentType, 2)
        bulk.insert(ContentType, ("pk", *NAMES), [(first, "hill", "letter"), (second, "hill", "path")])
        (third,) = bulk.numbers(ContentType, 1)
    other = ContentType.objects.create(app_label="hill", model="river")

    assert first < second < third
    assert other.pk > second
    assert bulk.numbers(ContentType, 0) == []


def test_nothing_is_done_for_no_rows():
    bulk.insert(ContentType, NAMES, [])
    bulk.update(ContentType, ("model",), [])

    assert kinds() == []


def moment(day, microsecond=0):
    return dt.datetime(2026, 3, day, 9, 30, 15, microsecond, dt.UTC)
