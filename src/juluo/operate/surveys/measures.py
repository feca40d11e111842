"""Survey answers that came with an export: told as events by other systems, and taken over as surveys here."""

import ibis

from juluo.record.lake.tables import EVENTS, PEOPLE, param

_OURS = "juluo-survey:"
_FOREIGN = EVENTS.filter(EVENTS.kind == "survey.answered", ~EVENTS.key.startswith(_OURS), EVENTS.props.notnull())
_BY_MEMBER = _FOREIGN.join(PEOPLE.filter(PEOPLE.kind == "person"), _FOREIGN.actor == PEOPLE.identity).select(
    "source", "props", "at", "day", "value", "text", "member"
)

# One row for each survey and question of another system: `props` as it came, with how many members answered.
ASKED = _BY_MEMBER.group_by(["source", "props"]).agg(
    members=_BY_MEMBER.member.nunique(),
    first_at=_BY_MEMBER.at.min(),
    last_at=_BY_MEMBER.at.max(),
    texts=_BY_MEMBER.text.count(),
    low=_BY_MEMBER.value.min(),
    high=_BY_MEMBER.value.max(),
)

# The latest answer of each member to one of them.
_ONE = _BY_MEMBER.filter(_BY_MEMBER.source == param("source", "string"), _BY_MEMBER.props == param("props", "string"))
_LAST = ibis.window(group_by=_ONE.member, order_by=ibis.desc(_ONE.at))
GIVEN = (
    _ONE.mutate(nth=ibis.row_number().over(_LAST))
    .filter(lambda t: t.nth == 0)
    .select("member", "at", "day", "value", "text")
    .order_by("member")
)
