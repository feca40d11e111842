"""What every reader of a machine-written export promises, whatever it is handed."""

import copy
import io
import json
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juluo.kit.archive import open_pack
from juluo.kit.errors import JuluoError
from juluo.record.connectors.adapters.discord.tests.sample import SAMPLES as DISCORD
from juluo.record.connectors.adapters.discourse.tests.sample import SAMPLES as DISCOURSE
from juluo.record.connectors.adapters.gitter.tests.sample import SAMPLES as GITTER
from juluo.record.connectors.adapters.mattermost.tests.sample import SAMPLES as MATTERMOST
from juluo.record.connectors.adapters.meetup.tests.sample import SAMPLES as MEETUP
from juluo.record.connectors.adapters.messenger.tests.sample import SAMPLES as MESSENGER
from juluo.record.connectors.adapters.rocketchat.tests.sample import SAMPLES as ROCKETCHAT
from juluo.record.connectors.adapters.signal.tests.sample import SAMPLES as SIGNAL
from juluo.record.connectors.adapters.slack.tests.sample import SAMPLES as SLACK
from juluo.record.connectors.adapters.telegram.tests.sample import CHAT
from juluo.record.connectors.adapters.telegram.tests.sample import SAMPLES as TELEGRAM
from juluo.record.connectors.adapters.zulip.tests.sample import SAMPLES as ZULIP
from juluo.record.connectors.errors import REASONS, FormatUnknown
from juluo.record.connectors.queries import recognise
from juluo.record.connectors.registry import readers
from juluo.record.connectors.types import Channel, Person, Reject
from juluo.record.events.types import Event, Kind

from .shelf import NOW, lay_out, read, written

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "telegram": TELEGRAM,
    "discord": DISCORD,
    "slack": SLACK,
    "zulip": ZULIP,
    "discourse": DISCOURSE,
    "mattermost": MATTERMOST,
    "rocketchat": ROCKETCHAT,
    "gitter_json": GITTER,
    "messenger": MESSENGER,
    "signal": SIGNAL,
    "meetup": MEETUP,
}
CASES = [(code, number) for code, samples in SAMPLES.items() for number in range(len(samples))]
each_sample = pytest.mark.parametrize(("code", "number"), CASES, ids=[f"{code}-{number}" for code, number in CASES])
TOGETHER = {Kind.REACTION_ADDED, Kind.MESSAGE_EDITED, Kind.MESSAGE_DELETED}


def checked(code: str, path: Path, **answers: Any) -> int:
    """Read what the reader takes for its own, hold every item to the contract, and count the events."""
    reader, count = readers[code], 0
    with open_pack(path) as pack:
        plan = reader.look(pack)
        if plan is None:
            return 0
        assert plan.reader == code
        assert 0 < plan.confidence <= 1
        try:
            for item in reader.read(pack, {"now": NOW, "zone": "Asia/Shanghai", **answers}):
                count += isinstance(item, Event)
                hold(item, reader.source)
        except JuluoError:
            pass
    return count


def hold(item: object, source: str) -> None:
    if isinstance(item, Event):
        assert item.source == source
        assert 0 < len(item.key) <= 190
        assert 0 < len(item.actor) <= 190
        assert 631_152_000_000_000 <= item.at <= NOW + 2 * 86_400_000_000
        assert (item.target is not None) == (item.kind in TOGETHER)
        assert "\x00" not in f"{item.key}{item.actor}{item.channel}{item.text}"
        json.dumps(item.props)
    elif isinstance(item, Reject):
        assert item.reason in REASONS
        assert item.line >= 0
        assert len(item.excerpt) <= 200
    else:
        assert isinstance(item, Person | Channel)
        assert item.source == source
        assert len(item.external_id) <= 190
        assert len(item.name) <= 190


# -- recognising ------------------------------------------------------------------------------------------------


@each_sample
def test_each_export_is_recognised_by_its_own_reader_first(code, number, tmp_path):
    with open_pack(lay_out(tmp_path, SAMPLES[code][number])) as pack:
        plans = recognise(pack)

    assert plans[0].reader == code
    assert [plan.confidence for plan in plans] == sorted((plan.confidence for plan in plans), reverse=True)


FOREIGN: list[dict[str, Any]] = [
    {"a.json": "[]"},
    {"a.json": "{}"},
    {"a.json": "null"},
    {"a.json": ""},
    {"a.json": "{"},
    {"a.json": "[" * 70_000},
    {"a.json": '{"messages": ' * 5_000},
    {"a.json": {"messages": "no list"}},
    {"a.json": {"messages": [None, 1, "x", [], {}]}},
    {"a.json": {"guild": 1, "channel": [], "messages": {}}},
    {"a.json": {"order": {}, "posts": 5}},
    {"a.json": [{"id": {}, "ts": {}, "text": 5}]},
    {"a.json": {"ok": True, "result": [5]}},
    {"a.bin": b"\x00\xff" * 5_000},
    {"a.csv": b"\xff\xfe"},
    {"package.json": {"name": "x", "version": "1.0.0", "dependencies": {}}},
    {"data.json": {"type": "FeatureCollection", "features": []}},
    {"table.csv": "name,age\nx,1\n", "readme.txt": "hello"},
]


@pytest.mark.parametrize("files", FOREIGN, ids=range(len(FOREIGN)))
def test_no_reader_stumbles_over_foreign_files(files, tmp_path):
    path = lay_out(tmp_path, files)

    for code in SAMPLES:
        assert checked(code, path) == 0


def test_a_damaged_entry_does_not_hide_what_the_others_hold(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(CHAT))
    with open_pack(path) as pack:
        assert recognise(pack)[0].reader == "telegram"
        assert recognise(pack) == recognise(pack)


# -- hostile input ----------------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 2**31, 2**63, 2**200, -(2**70), 1e308, -0.0, 1767578400, 99999999999999]),
    st.sampled_from(
        ["", " ", "\x00", "a\x00b", "x" * 5_000, "9999-99-99T99:99:99", "-1", "1e5", "٣", "🤖 Bot", "../../etc", "=1+1", "\ud800"]
    ),
    st.sampled_from([[], {}, [None], [[]], [{}], {"": None}, {"$date": {"$numberLong": "x"}}, {"a": {"b": {"c": []}}}]),
)


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """Every place in a document where something else could stand."""
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            found += places(inner, (*path, index))
    return found


def put(document: Any, path: tuple, value: Any) -> Any:
    if not path:
        return value
    document = list(document) if isinstance(document, tuple) else document
    document[path[0]] = put(document[path[0]], path[1:], value)
    return document


@each_sample
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_wrong_values_in_any_place_give_items_or_a_clear_refusal(code, number, data):
    files = copy.deepcopy(SAMPLES[code][number])
    name = data.draw(st.sampled_from([name for name, content in files.items() if not isinstance(content, str | bytes)] or [""]))
    for _ in range(data.draw(st.integers(1, 3))) if name else ():
        path = data.draw(st.sampled_from(places(files[name])))
        is_lines = isinstance(files[name], tuple)
        files[name] = put(files[name], path, copy.deepcopy(data.draw(HOSTILE)))
        if is_lines and isinstance(files[name], list):
            files[name] = tuple(files[name])

    with tempfile.TemporaryDirectory() as folder:
        checked(code, lay_out(Path(folder), files), private="all")


@each_sample
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_wrong_bytes_in_any_place_give_items_or_a_clear_refusal(code, number, data):
    files = {name: content if isinstance(content, bytes) else written(content).encode() for name, content in SAMPLES[code][number].items()}
    name = data.draw(st.sampled_from(list(files)))
    raw = files[name]
    start = data.draw(st.integers(0, max(len(raw) - 1, 0)))
    junk = data.draw(st.sampled_from([b"", b"\x00", b"\xff", b'"', b"\\", b"{", b"]", b"\n", b"\\ud800", b"[" * 3_000, b"1" * 500]))
    files[name] = raw[:start] + junk + raw[start + data.draw(st.sampled_from([0, 1, 10, len(raw)])) :]

    with tempfile.TemporaryDirectory() as folder:
        checked(code, lay_out(Path(folder), files))


def test_text_of_ten_megabytes_is_rejected_and_the_rest_goes_in(tmp_path):
    good = CHAT["messages"][2]
    huge = {**good, "id": 30, "text": "长" * 3_500_000}

    reading = read(readers["telegram"], tmp_path, {"result.json": {**CHAT, "messages": [good, huge, {**good, "id": 31}]}})

    assert len(reading.messages) == 2
    assert reading.rejects == [(2, "too_long")]


def test_nesting_without_end_costs_one_message(tmp_path):
    good = json.dumps(CHAT["messages"][2])
    deep = good[:-1] + ', "x": ' + "[" * 200_000 + "]" * 200_000 + "}"
    text = f'{{"name": "茶馆", "type": "private_supergroup", "id": 1, "messages": [{good}, {deep}, {good}]}}'

    reading = read(readers["telegram"], tmp_path, {"result.json": text})

    assert len(reading.of(Kind.MESSAGE_CREATED)) == 2
    assert reading.rejects == [(2, "bad_json")]


@pytest.mark.parametrize("code", ["telegram", "zulip"])
def test_memory_stays_flat_however_long_the_file_is(code, tmp_path):
    path = tmp_path / "long.json"
    with path.open("wb") as file:
        if code == "telegram":
            message = json.dumps({**CHAT["messages"][2], "text": "x" * 400}).encode()
            file.write(b'{"name": "t", "type": "private_supergroup", "id": 1, "messages": [' + b",".join([message] * 30_000) + b"]}")
        else:
            row = json.dumps({**ZULIP[0]["rows.jsonl"][0], "content": "<p>" + "x" * 400 + "</p>"}).encode()
            file.write(b"\n".join([row] * 30_000))

    tracemalloc.start()
    with open_pack(path) as pack:
        count = sum(1 for item in readers[code].read(pack, {"now": NOW}) if isinstance(item, Event))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 30_000
    assert path.stat().st_size > 15_000_000
    assert most < 6_000_000


def test_an_unknown_file_has_no_plan_and_the_error_says_what_to_do(tmp_path):
    with open_pack(lay_out(tmp_path, {"a.json": {"hello": "world"}})) as pack:
        assert recognise(pack) == []

    assert "支持" in FormatUnknown().message


def test_reading_twice_gives_the_same_items(tmp_path):
    path = lay_out(tmp_path, SLACK[0])

    def items() -> list[object]:
        with open_pack(path) as pack:
            return list(readers["slack"].read(pack, {"now": NOW}))

    assert items() == items()


# -- real files -------------------------------------------------------------------------------------------------


@pytest.mark.real
def test_every_sample_of_these_formats_is_read_or_refused_with_a_reason(real_data):
    folders = ["chat-analytics/tests/samples/discord", "chat-analytics/tests/samples/messenger", "chat-analytics/tests/samples/telegram"]
    folders += [
        "chat-miner/test/instagram",
        "chat-miner/test/signal",
        "chat-miner/test/telegram",
        "dce-frontend",
        "slack_export_zulip_fixture",
    ]
    folders += [
        f"perceval/tests/data/{name}" for name in ("discourse", "gitter", "mattermost", "meetup", "rocketchat", "slack", "telegram")
    ]
    expected = {"target.json": None, "message_empty": None, "meetup_events_empty.json": None}  # an empty list, another tool's answers

    refusals: list[str] = []

    def came_in(code, pack):
        try:
            return any(isinstance(item, Event) for item in readers[code].read(pack, {"now": NOW}))
        except JuluoError as refused:
            refusals.append(refused.facts["why"])
        return False

    for folder in folders:
        for path in sorted((real_data / "formats" / folder).rglob("*")):
            if not path.is_file() or path.suffix == ".png" or path.name in ("README.txt", "LICENSE"):
                continue
            with open_pack(path) as pack:
                plans = [plan for plan in recognise(pack) if plan.reader in {*SAMPLES, "instagram"}]
                if path.name in expected:
                    assert plans == [], path
                    continue
                assert plans, path
                assert came_in(plans[0].reader, pack) or refusals.pop(), path


def test_the_helper_of_these_tests_writes_what_it_is_given():
    assert json.loads(written({"a": "小满"})) == {"a": "小满"}
    assert io.StringIO(written(({"a": 1}, {"a": 2}))).readlines() == ['{"a": 1}\n', '{"a": 2}\n']
