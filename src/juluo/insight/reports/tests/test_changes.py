"""Where a change came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules.changes import change, change_of_ratio

counts = st.dictionaries(st.integers(0, 30), st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=30)
ratios = st.dictionaries(st.integers(0, 12), st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda p: (min(p), max(p))), max_size=12)


def test_the_largest_parts_are_named_and_the_rest_stands_together():
    found = change({"甲": (10, 30), "乙": (10, 5), "丙": (3, 4), "丁": (7, 7)}, most=2)

    assert [(part.key, part.delta) for part in found.parts] == [("甲", 20), ("乙", -5)]
    assert (found.before, found.after, found.delta) == (30, 46, 16)
    assert (found.others, found.rest) == (1, 1)


def test_parts_that_did_not_change_are_not_named():
    assert change({"甲": (4, 4)}).parts == ()


def test_only_the_largest_of_many_parts_need_to_be_known():
    found = change({"甲": (0, 50)}, totals=(1_000, 900), many=40)

    assert found.others == -150
    assert found.rest == 39


def test_a_ratio_falls_because_a_part_got_worse_or_because_the_worse_part_grew():
    worse = change_of_ratio({"甲": (8, 10), "乙": (8, 10)}, {"甲": (8, 10), "乙": (4, 10)})
    grown = change_of_ratio({"甲": (9, 10), "乙": (1, 10)}, {"甲": (9, 10), "乙": (3, 30)})

    assert [(part.key, pytest.approx(part.delta)) for part in worse.parts] == [("乙", -0.2)]
    assert grown.delta == pytest.approx(0.3 - 0.5)
    assert {part.key for part in grown.parts} == {"甲", "乙"}
    assert all(part.delta < 0 for part in grown.parts)


def test_a_ratio_of_nothing_has_no_change():
    assert change_of_ratio({}, {"甲": (1, 2)}) is None
    assert change_of_ratio({"甲": (0, 0)}, {"甲": (1, 2)}) is None


@given(counts, st.integers(0, 8))
def test_parts_and_others_add_up_exactly(pairs, most):
    found = change(pairs, most=most)

    assert sum(part.delta for part in found.parts) + found.others == found.after - found.before
    assert found.rest == sum(1 for b, a in pairs.values() if a != b) - len(found.parts)


@given(ratios, ratios, st.integers(0, 13))
def test_parts_of_a_ratio_add_up_too(before, after, most):
    found = change_of_ratio(before, after, most=most)

    if found is not None:
        assert sum(part.delta for part in found.parts) + found.others == pytest.approx(found.delta, abs=1e-9)
        if most >= len({*before, *after}):
            assert found.others == pytest.approx(0, abs=1e-9)
