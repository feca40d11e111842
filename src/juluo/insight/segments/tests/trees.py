"""Expressions made up by hypothesis."""

import datetime as dt

from hypothesis import strategies as st

from juluo.insight.segments.rules import is_word
from juluo.insight.segments.types import Ago, All, Any, Compare, Contains, Days, InSegment, Is, Known, Not, OneOf, Op, Term, Word

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8) | st.sampled_from(['"', "\\", "a\nb", "“", "爱好/咖啡"])
names = st.from_regex(r"[a-z_爱好城市等级][a-z0-9_.爱好]{0,6}", fullmatch=True).filter(is_word).filter(lambda name: name != "in_segment")
days = st.integers(1, 36_500)
terms = st.builds(Term, names, st.lists(days.map(Days) | texts, max_size=2).map(tuple))
numbers = st.integers(-(10**14), 10**14) | st.decimals(-1000, 1000, places=4).map(float).filter(lambda n: not n.is_integer())
values = numbers | texts | st.dates(dt.date(1000, 1, 1)) | st.integers(0, 36_500).map(Ago) | names.map(Word)
leaves = (
    st.builds(Compare, terms, st.sampled_from(Op), values)
    | st.builds(OneOf, terms, st.lists(values, min_size=1, max_size=3).map(tuple), st.booleans())
    | st.builds(Contains, terms, texts, st.booleans())
    | st.builds(Known, terms, st.booleans())
    | st.builds(Is, terms)
    | st.builds(InSegment, texts)
)


def _grown(parts: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(All, several) | st.builds(Any, several) | st.builds(Not, parts)


trees = st.recursive(leaves, _grown, max_leaves=12)
