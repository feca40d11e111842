import pytest

from juluo.record.connectors.adapters.meetup.export import MeetupExport
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.rules.derived import NOBODY
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from .sample import EVENTS, FILES, RSVPS

meetup = MeetupExport()


def test_sign_ups_become_registrations_and_refusals_notices(tmp_path):
    reading = read(meetup, tmp_path, FILES)

    first, second = reading.of(Kind.ACTIVITY_REGISTERED)
    assert (first.key, first.actor, first.channel, first.at) == ("rsvp:e1:1", "1", "e1", at("2026-01-05T02:00:00"))
    assert second.props == {"activity": "春日茶会", "waitlist": True, "guests": 1}
    assert [reason for _, reason in reading.rejects] == ["notice"]
    assert reading.channels["e1"].name == "春日茶会"


def test_comments_become_messages_and_their_likes_are_counted(tmp_path):
    reading = read(meetup, tmp_path, FILES)

    assert (reading.said("真好").channel, reading.said("下次再来").reply_to) == ("e1", reading.said("真好").key)
    assert [(event.actor, event.value) for event in reading.of(Kind.REACTION_ADDED)] == [(NOBODY, 2.0)]


def test_hosts_and_organisers_are_staff(tmp_path):
    people = read(meetup, tmp_path, FILES).people

    assert (people["1"].kind, people["2"].kind) == (PersonKind.STAFF, None)


def test_events_alone_are_refused(tmp_path):
    with pytest.raises(FileRefused, match="没有报名或评论"):
        read(meetup, tmp_path, {"events.json": EVENTS})


def test_broken_rows_are_rejected(tmp_path):
    rows = [RSVPS[0], {**RSVPS[0], "created": 9_999_999_999_999}, {**RSVPS[0], "member": None}, "x"]

    reading = read(meetup, tmp_path, {"rsvps.json": rows})

    assert reading.rejects == [(2, "future_time"), (3, "bad_row"), (4, "bad_row")]


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    reading = read_path(meetup, real_data / "formats/perceval/tests/data/meetup")

    assert (len(reading.messages), len(reading.of(Kind.ACTIVITY_REGISTERED)), reading.rejects) == (2, 3, [])
