"""What sentences ask for: measured on labelled ones, held to what docs/personas.md states."""

from collections import Counter
from importlib import resources

import pytest

from juluo.insight.personas.rules.matching import matched
from juluo.insight.personas.rules.needing import need
from juluo.insight.personas.types import NeedKind

KINDS = {"q": NeedKind.QUESTION, "c": NeedKind.COMPLAINT, "w": NeedKind.WISH, "n": None}


def labelled() -> list[tuple[str, NeedKind | None, str]]:
    text = resources.files(__package__).joinpath("needs.txt").read_text("utf-8")
    rows, part = [], ""
    for line in text.splitlines():
        if line.startswith("["):
            part = line.strip("[]")
        elif line and not line.startswith("#"):
            letter, sentence = line.split("\t")
            rows.append((part, KINDS[letter], sentence))
    return rows


def measured(part: str) -> dict[NeedKind, tuple[float, float]]:
    """Precision and recall of each kind."""
    pairs = Counter((kind, need(sentence)) for where, kind, sentence in labelled() if where == part)
    found = {}
    for kind in NeedKind:
        right = pairs[kind, kind]
        said = sum(n for (_, told), n in pairs.items() if told == kind)
        real = sum(n for (true, _), n in pairs.items() if true == kind)
        found[kind] = (right / said, right / real)
    return found


@pytest.mark.parametrize("part", ["tuned", "held"])
def test_each_kind_is_found_as_well_as_the_documentation_says(part):
    for kind, (precision, recall) in measured(part).items():
        print(f"{part} {kind.value}: precision {precision:.2f}, recall {recall:.2f}")
        assert precision >= 0.92, kind
        assert recall >= (0.75 if kind == NeedKind.QUESTION else 0.92), kind


def test_there_are_some_two_hundred_sentences_in_both_languages_and_all_kinds():
    rows = labelled()

    assert len(rows) >= 200
    assert len({sentence for _, _, sentence in rows}) == len(rows)
    assert min(Counter(kind for _, kind, _ in rows).values()) >= 40
    assert 60 < sum(sentence.isascii() for _, _, sentence in rows) < 140


def test_what_leads_furthest_counts():
    assert need("建议把公告置顶，不然老是找不到") == NeedKind.WISH
    assert need("怎么又发错货了？") == NeedKind.COMPLAINT
    assert need("请问退款失败怎么办？") == NeedKind.QUESTION


@pytest.mark.parametrize(
    "text", [None, "", "。", "哈", "？？？？", "a" * 9_000, "希望能加" * 400, "\x00" * 20, "((((((((((((((((", "能" * 179, "please " * 60]
)
def test_anything_is_read_quickly_and_without_harm(text):
    assert need(text) in (None, *NeedKind)


def test_what_the_lake_knows_already_is_not_worked_out_again():
    assert need("这批豆子的客服", feeling=-1) == NeedKind.COMPLAINT
    assert need("这批豆子的客服", feeling=0) is None
    assert need("豆子放哪儿好？", asks=False) is None


def test_a_group_is_known_again_by_the_messages_it_shares():
    before = {1: 10, 2: 10, 3: 10, 4: 20, 5: 20, 9: 30}

    assert matched(before, [{1, 2, 3, 7}, {4, 5, 6}, {11, 12}]) == [10, 20, None]
    assert matched(before, [{1, 2}, {3, 8}]) == [10, None]  # one of two halves goes on
    assert matched(before, [{1, 2, 3, 4, 5}]) == [10]  # of two that grew together the larger
    assert matched({}, [{1}]) == [None]
    assert matched(before, []) == []


def test_messages_that_are_not_looked_at_any_more_do_not_count_against_a_group():
    before = dict.fromkeys(range(100), 7)

    assert matched(before, [{1, 2, 3, 200}]) == [7]
