"""Members of a segment as a list that can be sorted, paged and narrowed further."""

import json
from typing import Any

import pyarrow as pa
from django.db.models import BooleanField, F
from django.db.models.expressions import Expression

from juluo.record.people.models import Member


class Among(Expression):
    """Whether a column is one of very many numbers, as one parameter: a million of them are no longer a statement."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, numbers: list[int]) -> None:
        super().__init__()
        self.column: Any = F(column)
        self.numbers = numbers

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        [self.column] = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, given = compiler.compile(self.column)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s::bigint[])", [*given, self.numbers]
        return f"{column} IN (SELECT value FROM json_each(%s))", [*given, json.dumps(self.numbers)]  # noqa: S608  (a column of ours)


def among(rows: Any, found: pa.ChunkedArray) -> Any:
    """A queryset of members narrowed to those the lake found."""
    assert rows.model is Member
    return rows.filter(Among("pk", found.to_pylist()))
