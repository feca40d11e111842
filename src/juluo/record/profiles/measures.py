"""Questions to the lake about attributes, tags and the words of members."""

import ibis

from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind
from juluo.record.lake.tables import EVENTS, PEOPLE, TEXTS, param

from .tables import ATTRIBUTES, TAGS

# -- who has what ------------------------------------------------------------------------------------------------

HELD_BY_TAG = TAGS.group_by("tag").agg(n=TAGS.member.nunique())

HELD_BY_ANY = TAGS.filter(param("tags", "array<int64>").contains(TAGS.tag)).agg(n=TAGS.member.nunique())

COVERAGE = ATTRIBUTES.group_by("attribute").agg(n=ATTRIBUTES.member.nunique())

_of_one = ATTRIBUTES.filter(ATTRIBUTES.attribute == param("attribute", "string"))

WORDS = _of_one.filter(_of_one.text.notnull()).group_by("text").agg(n=_of_one.member.nunique()).order_by([ibis.desc("n"), "text"]).limit(30)

NUMBERS = _of_one.filter(_of_one.number.notnull()).group_by("number").agg(n=_of_one.member.nunique()).order_by("number").limit(5_000)

DAYS = _of_one.filter(_of_one.day.notnull()).group_by(year=_of_one.day.year()).agg(n=_of_one.member.nunique()).order_by("year")

# -- what members write ------------------------------------------------------------------------------------------

_persons = PEOPLE.filter(PEOPLE.kind == PersonKind.PERSON.value).select("identity", "member")
_said = EVENTS.filter(EVENTS.kind == Kind.MESSAGE_CREATED.value, EVENTS.day >= param("start"), EVENTS.text.notnull())
_found = _said.filter(_said.text.re_search(param("pattern", "string"))).select("actor", "day")
_about = TEXTS.filter(TEXTS.day >= param("start"), TEXTS.terms.intersect(param("words", "array<string>")).length() > 0).select(
    "actor", "day"
)


def _often(said: ibis.Table) -> ibis.Table:
    """Members with the number of messages found and the last day of one, at least `least` of them."""
    theirs = said.join(_persons, said.actor == _persons.identity)
    counted = theirs.group_by("member").agg(n=theirs.count(), last=theirs.day.max())
    return counted.filter(counted.n >= param("least", "int64"))


WRITTEN = _often(_found)
TALKED_ABOUT = _often(_about)
