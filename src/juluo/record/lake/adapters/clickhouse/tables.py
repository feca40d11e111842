"""Our tables on ClickHouse: the lake's columns, after the community and the segment that each row belongs to."""

import pyarrow as pa

from ...types import EVENT_SCHEMA, PEOPLE_SCHEMA, TEXTS_SCHEMA

_DAILY = {"day": pa.date32(), "actor": pa.int64(), "channel": pa.int64(), "kind": pa.string(), "source": pa.string(), "n": pa.int64()}
_DAILY |= {
    "replies": pa.int64(),
    "questions": pa.int64(),
    "value": pa.float64(),
    "first_at": pa.timestamp("us"),
    "last_at": pa.timestamp("us"),
}
DAILY_SCHEMA = pa.schema([pa.field(name, kind, nullable=False) for name, kind in _DAILY.items()])
TABLES = {"events": EVENT_SCHEMA, "daily": DAILY_SCHEMA, "texts": TEXTS_SCHEMA, "people": PEOPLE_SCHEMA}
ORDER = {"events": "day, at, id", "daily": "day, kind, actor", "texts": "day, id", "people": "identity"}
FEW_VALUES = {"kind", "source"}
_TYPES = {"int64": "Int64", "int8": "Int8", "double": "Float64", "string": "String", "bool": "Bool", "date32[day]": "Date32"}


def column(field: pa.Field) -> str:
    """The declaration of a column that holds an Arrow field."""
    return f'"{field.name}" {_type(field)}'


def names(schema: pa.Schema) -> str:
    return ", ".join(f'"{name}"' for name in schema.names)


def _type(field: pa.Field) -> str:
    if pa.types.is_list(field.type):
        return "Array(String)"
    if pa.types.is_timestamp(field.type):
        name = "DateTime64(6, 'UTC')"
    elif field.name in FEW_VALUES:
        return "LowCardinality(String)"
    else:
        name = _TYPES[str(field.type)]
    return f"Nullable({name})" if field.nullable else name
