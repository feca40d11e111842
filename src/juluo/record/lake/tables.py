"""The tables a question may be asked of, the same on every engine.

They are unbound Ibis tables: an expression over them says what to count; the lake decides where it runs. Every
question is asked of one community, so no table carries a community column here; the adapter narrows it.
"""

import ibis
import ibis.expr.datatypes as types
import pyarrow as pa

# One row an event. `id`, `channel`, `thread`, `actor` are `kit.ids.stable_id`s; `day` and `hour` are the community's local
# ones, written when the segment is, so that no engine needs to know about time zones or daylight saving.
# `reply_to` and `target` are ids of events. `is_question`: the text reads like a question.
EVENTS = ibis.table(
    {
        "id": "int64",
        "key": "!string",
        "source": "!string",
        "kind": "!string",
        "at": "!timestamp(6)",
        "day": "!date",
        "hour": "!int8",
        "channel": "!int64",
        "thread": "int64",
        "actor": "!int64",
        "reply_to": "int64",
        "target": "int64",
        "value": "float64",
        "text": "string",
        "props": "string",
        "is_question": "!boolean",
        "version": "!int64",
    },
    name="events",
)

# The member-day roll-up: one row per identity × local day × kind × channel (sum `n` again: several segments may each hold a
# part of a day). `replies` counts events with `reply_to` or inside a thread they did not start; `value` sums values.
DAILY = ibis.table(
    {
        "day": "!date",
        "actor": "!int64",
        "channel": "!int64",
        "kind": "!string",
        "source": "!string",
        "n": "!int64",
        "replies": "!int64",
        "questions": "!int64",
        "value": "!float64",
        "first_at": "!timestamp(6)",
        "last_at": "!timestamp(6)",
    },
    name="daily",
)

# Who an identity belongs to and whether it counts: `kind` is person, bot or staff. Identities missing here count as persons
# of their own (`member` falls back to the identity).
PEOPLE = ibis.table({"identity": "!int64", "member": "!int64", "kind": "!string"}, name="people")

# What `texts` readers found in a message: its terms (topics are counted from them) and its mood (-1, 0, 1).
TEXTS = ibis.table(
    {"id": "!int64", "day": "!date", "channel": "!int64", "actor": "!int64", "mood": "!int8", "terms": "!array<!string>"},
    name="texts",
)

TABLES = {table.get_name(): table for table in (EVENTS, DAILY, PEOPLE, TEXTS)}


# -- parameters -------------------------------------------------------------------------------------------------
# Building an Ibis expression takes tens of milliseconds, so each is compiled once per engine and asked many times with
# bound parameters. A parameter is a function without arguments that renders as `p_<name>()`; the lake puts the
# engine's placeholder in its place.

_parameters: dict[tuple[str, str], ibis.expr.types.Value] = {}


def param(name: str, kind: str = "date") -> ibis.expr.types.Value:
    """A value to be given when the question is asked: `param("start")` is a date, `param("channels", "array<int64>")` a list."""
    if (name, kind) not in _parameters:
        builtin = ibis.udf.scalar.builtin(name=f"p_{name}", signature=((), types.dtype(kind)))
        _parameters[name, kind] = builtin(lambda: ...)()
    return _parameters[name, kind]


# -- columns ----------------------------------------------------------------------------------------------------


def arrow_schema(expression: ibis.Table, *, is_strict: bool = False) -> pa.Schema:
    """The columns an answer has, alike on every engine. `is_strict` keeps which of them may be missing."""
    columns = expression.schema().items()
    return pa.schema([pa.field(name, _arrow(kind), nullable=kind.nullable or not is_strict) for name, kind in columns])


def _arrow(kind: types.DataType) -> pa.DataType:
    if kind.is_array():
        return pa.list_(_arrow(kind.value_type))
    if kind.is_timestamp():
        return pa.timestamp("us")
    if kind.is_date():
        return pa.date32()
    if kind.is_string():
        return pa.string()
    if kind.is_boolean():
        return pa.bool_()
    if kind.is_decimal():
        return pa.float64() if kind.scale else pa.int64()
    if kind.is_null():
        return pa.null()
    return pa.from_numpy_dtype(kind.to_numpy())
