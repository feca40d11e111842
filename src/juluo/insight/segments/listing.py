"""Members whom the lake found, as a list that the store sorts, pages and narrows further.

The lake knows who is in a segment, the store what its lists are sorted and narrowed by. What goes from the one to the other is a
`Crowd`: a mark a member, in one parameter of the statement, which the store looks up row by row. So whatever is asked of a million
members, Python holds a million bytes and the rows of one page. See decision 0011.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import BooleanField, F, Q, QuerySet
from django.db.models.expressions import Expression

from juluo.record.people.models import Member

FEW = 500  # so few are named one by one, and found by their numbers


@dataclass(frozen=True, eq=False)
class Crowd:
    """Some members: `marks[number - first]` is 1 for whoever is among them. As many bytes as members lie between the first and the last."""

    first: int
    marks: np.ndarray
    count: int

    @classmethod
    def of(cls, numbers: pa.ChunkedArray | pa.Array) -> "Crowd":
        """The crowd of these numbers, in any order."""
        found = numbers.to_numpy(zero_copy_only=False) if isinstance(numbers, pa.Array) else numbers.to_numpy()
        if not len(found):
            return cls(0, np.zeros(0, np.uint8), 0)
        first = int(found.min())
        marks = np.zeros(int(found.max()) - first + 1, np.uint8)
        marks[found - first] = 1
        return cls(first, marks, int(marks.sum()))

    @property
    def last(self) -> int:
        return self.first + len(self.marks) - 1

    def after(self, number: int, most: int) -> list[int]:
        """The `most` lowest numbers above `number`, ascending."""
        at = max(0, number + 1 - self.first)
        found: list[int] = []
        while at < len(self.marks) and len(found) < most:
            here = np.flatnonzero(self.marks[at : at + 65_536])[: most - len(found)]
            found += (here + at + self.first).tolist()
            at += 65_536
        return found

    @cached_property
    def by_byte(self) -> bytes:
        """A byte a member, for SQLite's `substr`."""
        return self.marks.tobytes()

    @cached_property
    def by_bit(self) -> bytes:
        """A bit a member, for PostgreSQL's `get_bit`."""
        return np.packbits(self.marks, bitorder="little").tobytes()

    def holding(self, column: str) -> Q:
        """The condition that a column of member numbers names one of them."""
        if self.count <= FEW:
            return Q(**{f"{column}__in": self.after(-1, FEW)})
        return Q(Among(column, self))


class Among(Expression):
    """Whether a column of member numbers names one of a crowd."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, crowd: Crowd) -> None:
        super().__init__()
        self.column: Any = F(column)
        self.crowd = crowd

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        [self.column] = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, given = compiler.compile(self.column)
        crowd = self.crowd
        # CASE, because a place before the first mark must not be looked at: SQLite would count it from the end, PostgreSQL refuse it.
        within = f"CASE WHEN {column} BETWEEN %s AND %s THEN"
        if connection.vendor == "postgresql":
            sql, marks = f"({within} get_bit(%s::bytea, {column} - %s) = 1 ELSE false END)", crowd.by_bit
        else:
            sql, marks = f"({within} substr(%s, {column} - %s, 1) = x'01' ELSE 0 END)", crowd.by_byte
        start = crowd.first if connection.vendor == "postgresql" else crowd.first - 1
        return sql, [*given, crowd.first, crowd.last, marks, *given, start]


def among(rows: QuerySet[Member], crowd: Crowd) -> QuerySet[Member]:
    """Members narrowed to those of a crowd."""
    assert rows.model is Member
    return rows.filter(crowd.holding("pk"))
