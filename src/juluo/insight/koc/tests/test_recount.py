"""What the lake counts as evidence is what a plain recount counts, whatever the history; and ClickHouse counts what DuckDB does."""

import datetime as dt
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juluo.insight.koc.measures import helping, standing
from juluo.insight.koc.rules import ranking, scoring
from juluo.insight.koc.rules.settling import settled
from juluo.insight.metrics.tests.world import ClickEngine, DuckEngine, Happening

from .recount import DAY, Recount, Town, pagerank

BEGIN = dt.datetime(2025, 12, 8, 16)
FAR = 2**62  # numbers of events are long: a float would not hold them
START, STOP = dt.date(2025, 12, 20), dt.date(2026, 1, 24)
KINDS = ["message.created"] * 12 + ["reaction.added", "reaction.added", "member.joined", "member.left", "checkin"]
TEXTS = ["谢谢！", "thx a lot", "好的", "不用谢", "怎么弄？", None, "非常感谢"]
QUESTIONS = {
    "given": helping.given(),
    "asked": helping.asked(),
    "thanks": helping.thanks(),
    "likes": helping.likes(),
    "came": helping.newcomers(),
    "flows": standing.flows(),
    "firsts": standing.firsts(),
    "moods": standing.moods(),
    "weeks": standing.weeks(),
}
ANSWERING = ("given", "asked", "thanks", "likes", "came")
HASTE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

# Close together most of the time: answers, thanks and questions anew are about minutes and days.
moments = st.builds(
    lambda day, minute: BEGIN + dt.timedelta(days=day, minutes=minute),
    st.one_of(st.integers(12, 15), st.integers(0, 50)),
    st.one_of(st.integers(0, 70), st.integers(0, 1439)),
)


@st.composite
def towns(draw: Any) -> Town:
    size = draw(st.integers(0, 36))
    events, texts, targets, emoji = [], {}, {}, {}
    for number in range(1, size + 1):
        kind = draw(st.sampled_from(KINDS))
        spoke = kind == "message.created"
        text = draw(st.sampled_from(TEXTS)) if spoke else None
        events.append(
            Happening(
                id=FAR + number,
                at=draw(moments),
                kind=kind,
                actor=draw(st.integers(1, 7)),
                channel=draw(st.sampled_from([1, 1, 1, 2])),
                thread=draw(st.sampled_from([None, None, None, 101])) if spoke else None,
                reply_to=draw(st.one_of(st.none(), st.none(), st.integers(FAR + 1, FAR + 36))) if spoke else None,
                is_question=spoke and draw(st.booleans()),
                source=draw(st.sampled_from(["test", "test", "irc"])),
                mood=draw(st.integers(-1, 1)),
            )
        )
        if text is not None:
            texts[FAR + number] = text
        if kind == "reaction.added":
            targets[FAR + number] = draw(st.integers(FAR + 1, FAR + 36))
            emoji[FAR + number] = draw(st.sampled_from(['{"emoji":"👍"}', '{"emoji":"👎"}']))
    kinds = st.sampled_from(["person", "person", "person", "staff", "bot"])
    people = {actor: (draw(st.sampled_from([501, 502, 503])), "person") for actor in draw(st.sets(st.integers(1, 4)))}
    people |= {actor: (500 + actor, draw(kinds)) for actor in draw(st.sets(st.integers(5, 8)))}
    return Town(events, people, texts=texts, targets=targets, emoji=emoji)


def asked(engine: Any, town: Town) -> dict[str, list[dict[str, Any]]]:
    engine.show(town.tables())
    values = {
        "start": START,
        "middle": START,
        "stop": STOP,
        "until": STOP,
        "reach": START - 30 * DAY,
        "settled_on": Recount(town, START, STOP).settled_on,
        "channels": [],
        "traced": town.traced,
    }
    found = {name: engine.ask(question, values) for name, question in QUESTIONS.items()}
    parts = (pd.DataFrame(found[name], columns=QUESTIONS[name].columns).convert_dtypes() for name in ANSWERING)
    answers = settled(*(_typed(part) for part in parts)).to_dict("records")
    found["answers"] = [row | {"thanks": row["thanks"] if isinstance(row["thanks"], int) else None} for row in answers]
    return found


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns as the lake gives them."""
    for name in frame.columns:
        if name in ("at", "liked_at"):
            frame[name] = pd.to_datetime(frame[name]).dt.tz_localize(None).astype("datetime64[us]")
        elif name not in ("day", "asked_on", "entered"):
            frame[name] = frame[name].astype("int64")
    return frame


@HASTE
@given(town=towns())
def test_evidence_is_what_a_plain_recount_counts(town: Town) -> None:
    found, recount = asked(DuckEngine(), town), Recount(town, START, STOP)

    wanted = ("member", "asker", "question", "fresh", "thanked", "thanks", "settled")
    assert {row["answer"]: {name: row[name] for name in wanted} for row in found["answers"]} == recount.answers()
    assert len(found["answers"]) == len(recount.answers())
    assert {(row["giver"], row["taker"]): row["times"] for row in found["flows"]} == recount.flows()
    assert {(row["member"], row["newcomer"]) for row in found["firsts"]} == recount.firsts()
    assert {row["member"]: (row["heard"], row["good"], row["bad"]) for row in found["moods"]} == recount.moods()
    assert {row["member"]: (row["messages"], row["weeks"], row["longest"]) for row in found["weeks"]} == recount.weeks()


def test_clickhouse_finds_the_same_evidence() -> None:
    pytest.importorskip("chdb", reason="chDB (the ClickHouse engine in-process) is not installed here")
    clickhouse = pytest.importorskip("clickhouse_connect")
    town = _busy()

    duck, click = asked(DuckEngine(), town), asked(ClickEngine(clickhouse.get_client(interface="chdb")), town)

    assert sum(row["thanked"] for row in duck["answers"]) > 5
    for name in ("answers", "flows", "firsts", "moods", "weeks"):
        assert sorted(map(_calm, click[name]), key=str) == sorted(map(_calm, duck[name]), key=str), name


def _calm(row: dict[str, Any]) -> dict[str, Any]:
    return {name: bool(value) if name in ("fresh", "thanked", "settled") else value for name, value in sorted(row.items())}


def _busy() -> Town:
    """Six weeks of thirty identities who ask, answer and thank."""
    dice = random.Random(20260112)
    events, texts, targets, emoji = [], {}, {}, {}
    moment = dt.datetime(2025, 12, 10, 3)
    for number in range(1, 900):
        moment += dt.timedelta(seconds=dice.choice([0, 20, 90, 600, 5_000, 12_000]))
        kind = dice.choice(KINDS)
        spoke = kind == "message.created"
        events.append(
            Happening(
                id=number if number % 2 else -number,
                at=moment,
                kind=kind,
                actor=dice.randint(1, 30),
                channel=dice.choice([1, 1, 2]),
                thread=dice.choice([None, None, None, 101]) if spoke else None,
                reply_to=dice.choice([None, None, max(1, number - dice.randint(1, 12))]) if spoke else None,
                is_question=spoke and dice.random() < 0.3,
                mood=dice.randint(-1, 1),
            )
        )
        here = events[-1].id
        if spoke and (text := dice.choice(TEXTS)) is not None:
            texts[here] = text
        elif kind == "reaction.added":
            targets[here], emoji[here] = max(1, number - dice.randint(1, 9)), dice.choice(['{"emoji":"❤️"}', '{"emoji":"👎"}'])
    people = {n: (500 + n // 2, dice.choice(["person"] * 5 + ["bot", "staff"])) for n in range(1, 26)}
    return Town(events, people, texts=texts, targets=targets, emoji=emoji)


# -- what is worked out from counts --------------------------------------------------------------------------------------


@given(edges=st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda e: e[0] != e[1]), st.integers(1, 9)))
def test_pagerank_is_what_its_definition_says(edges: dict[tuple[int, int], int]) -> None:
    giver, taker = (np.array([edge[end] for edge in edges], np.int64) for end in (0, 1))

    found = ranking.pagerank(giver, taker, np.array(list(edges.values()), float), 6)

    assert found == pytest.approx(pagerank(edges, 6), abs=1e-6)
    assert found.sum() == pytest.approx(6)


def test_who_is_listened_to_by_those_who_are_listened_to_counts_for_more() -> None:
    # 1 and 2 both get one word; the one who gives it to 1 is heard by three others, the one who gives it to 2 by nobody.
    giver, taker = np.array([3, 4, 5, 6, 7]), np.array([1, 3, 3, 3, 2])

    rank = ranking.pagerank(giver, taker, np.ones(5), 8)

    assert rank[1] > rank[2]


def test_a_community_in_which_nobody_talks_with_anybody_has_no_ranks_but_equal_ones() -> None:
    nothing = np.array([], np.int64)

    assert ranking.pagerank(nothing, nothing, np.array([]), 3).tolist() == pytest.approx([1, 1, 1])
    assert ranking.pagerank(nothing, nothing, np.array([]), 0).size == 0


def test_one_of_one_is_less_than_eighteen_of_twenty() -> None:
    shares = scoring.shrunk(np.array([1.0, 18.0, 20.0]), np.array([1.0, 20.0, 60.0]))

    assert shares[1] > shares[0]
    assert scoring.shrunk(np.zeros(2), np.zeros(2)).tolist() == [0, 0]


def test_a_percentile_says_how_many_of_the_others_have_less() -> None:
    assert scoring.percentiles(np.array([3.0, 1.0, 1.0, 2.0, 9.0])).tolist() == [75, 0, 0, 50, 100]
    assert scoring.percentiles(np.array([5.0])).tolist() == [0]
    assert scoring.percentiles(np.array([1.0, 7.0, 9.0]), np.array([True, False, True])).tolist() == [0, scoring.UNKNOWN, 100]


def test_the_score_follows_the_weights_and_keeps_the_order_of_one_group() -> None:
    groups = {"a": np.array([0.0, 50.0, 100.0]), "b": np.array([100.0, 50.0, 0.0])}

    assert np.argsort(scoring.score(groups, {"a": 1, "b": 0})).tolist() == [0, 1, 2]
    assert np.argsort(scoring.score(groups, {"a": 0, "b": 3})).tolist() == [2, 1, 0]
    assert scoring.score(groups, {"a": 5, "b": 5}) == pytest.approx([50, 50, 50])


def test_agreement_of_nothing_is_unknown() -> None:
    assert scoring.agreement({1, 2}, [2, 3, 4]) == (pytest.approx(1 / 3), 0.5)
    assert scoring.agreement(set(), []) == (None, None)
