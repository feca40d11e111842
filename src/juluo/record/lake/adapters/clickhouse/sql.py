"""Ibis' ClickHouse SQL, corrected until it gives what DuckDB gives.

Ibis renders what ClickHouse finds natural: counts that are estimates, sums of nothing that are 0, texts measured in bytes, dates that end
in 2149. A figure must not depend on the engine, so every such habit is overruled here, where the tree is built.
`tests/test_alike.py` asks both engines the same questions.
"""

# ruff: noqa: N802, N815  (the names are Ibis' own)

from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import NULL
from ibis.backends.sql.compilers.clickhouse import ClickhouseAggGen, ClickHouseCompiler
from ibis.backends.sql.datatypes import ClickHouseType

# How every question is asked.
SETTINGS = {
    "join_use_nulls": 1,  # what a left join does not find is NULL, not 0
    "cast_keep_nullable": 1,
    "prefer_column_name_to_alias": 1,  # `sum(n) AS n` does not make the next `n` a sum
    "formatdatetime_parsedatetime_m_is_month_name": 0,  # %M is minutes
    "session_timezone": "UTC",
    "fsync_metadata": 0,  # the tables and views we make as we go need not outlive a power cut
    "aggregate_functions_null_for_empty": 0,  # said where it is meant, below; it would touch counts as well
}
# Aggregates that answer for no rows: a count is 0, a collection empty.
ALWAYS = {"count", "uniqExact", "groupArray", "groupUniqArray", "argMin", "argMax", "uniqHLL12"}


class _Aggregates(ClickhouseAggGen):
    """The sum, or whatever else, of no rows is NULL."""

    def aggregate(self, compiler: Any, name: str, *args: Any, where: Any = None, order_by: tuple = ()) -> Any:
        return super().aggregate(compiler, name if name in ALWAYS else f"{name}OrNull", *args, where=where, order_by=order_by)


class _Types(ClickHouseType):
    """Dates and moments in the wide types that the lake's tables have."""

    @classmethod
    def from_ibis(cls, dtype: dt.DataType) -> sge.DataType:
        if dtype.is_date():
            kind = sge.DataType(this=sge.DataType.Type.DATE32)
        elif dtype.is_timestamp():
            kind = sge.DataType(
                this=sge.DataType.Type.DATETIME64,
                expressions=[sge.DataTypeParam(this=sge.convert(6)), sge.DataTypeParam(this=sge.convert(dtype.timezone or "UTC"))],
            )
        else:
            return super().from_ibis(dtype)
        kind.set("nullable", dtype.nullable)
        return kind


class Compiler(ClickHouseCompiler):
    """See the module."""

    agg = _Aggregates()
    type_mapper = _Types

    SIMPLE_OPS = {
        ops.CountDistinct: "uniqExact",
        ops.Lowercase: "lowerUTF8",
        ops.Uppercase: "upperUTF8",
        ops.Reverse: "reverseUTF8",
        ops.StringLength: "lengthUTF8",
        ops.StrRight: "rightUTF8",
        ops.Date: "toDate32",
    }

    # -- numbers -------------------------------------------------------------------------------------------------

    def visit_Median(self, op: Any, *, arg: Any, where: Any) -> Any:
        return self._quantile("quantileExactInclusive", arg, sge.convert(0.5), where)

    def visit_Quantile(self, op: Any, *, arg: Any, quantile: Any, where: Any) -> Any:
        return self._quantile("quantileExactInclusive", arg, quantile, where)

    def visit_MultiQuantile(self, op: Any, *, arg: Any, quantile: Any, where: Any) -> Any:
        return self._visit_quantile("quantilesExactInclusive", arg, quantile, where)

    def _quantile(self, name: str, arg: Any, quantile: Any, where: Any) -> Any:
        return self._visit_quantile(f"{name}OrNull", arg, quantile, where)

    def visit_StandardDevVariance(self, op: Any, *, how: str, where: Any, **kw: Any) -> Any:
        found = super().visit_StandardDevVariance(op, how=how, where=where, **kw)
        return self.if_(self.f.isNaN(found), NULL, found)  # of a single row, where there is none

    visit_StandardDev = visit_Variance = visit_Covariance = visit_StandardDevVariance

    def visit_FloorDivide(self, op: Any, *, left: Any, right: Any) -> Any:
        if op.left.dtype.is_integer() and op.right.dtype.is_integer():
            quotient = self.f.intDivOrNull(left, right)
            is_uneven = sge.And(
                this=sge.NEQ(this=self.f.moduloOrNull(left, right), expression=sge.convert(0)), expression=self._differ(left, right)
            )
            return self.cast(quotient - self.if_(is_uneven, 1, 0), op.dtype)
        return self.cast(self.f.floor(self.binop(sge.Div, left, right)), op.dtype)

    def _differ(self, left: Any, right: Any) -> Any:
        negative = [sge.LT(this=side, expression=sge.convert(0)) for side in (left, right)]
        return sge.NEQ(this=sge.Paren(this=negative[0]), expression=sge.Paren(this=negative[1]))

    def visit_ArgMin(self, op: Any, *, arg: Any, key: Any, where: Any) -> Any:
        return self._at("argMin", arg, key, where)

    def visit_ArgMax(self, op: Any, *, arg: Any, key: Any, where: Any) -> Any:
        return self._at("argMax", arg, key, where)

    def _at(self, name: str, arg: Any, key: Any, where: Any) -> Any:
        found = self.agg[name](self.f.tuple(self.f.toNullable(arg)), key, where=where)
        return sge.Dot(this=found, expression=sge.convert(1))

    # -- texts ---------------------------------------------------------------------------------------------------

    def visit_Substring(self, op: Any, *, arg: Any, start: Any, length: Any) -> Any:
        begin = self._add_parens(start) + 1
        return self.f.substringUTF8(arg, begin) if length is None else self.f.substringUTF8(arg, begin, length)

    def visit_StringFind(self, op: Any, *, arg: Any, substr: Any, start: Any, end: Any) -> Any:
        return self.f.positionUTF8(arg, substr)

    # -- time ----------------------------------------------------------------------------------------------------

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: dt.DataType) -> Any:
        if dtype.is_date():
            return self.f.toDate32(value.isoformat())
        if dtype.is_timestamp():
            return self.f.toDateTime64(value.replace(tzinfo=None).isoformat(sep=" "), 6, dtype.timezone or "UTC")
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_DateFromYMD(self, op: Any, *, year: Any, month: Any, day: Any) -> Any:
        return self.f.makeDate32(year, month, day)

    def visit_DateTruncate(self, op: Any, *, arg: Any, unit: Any) -> Any:
        return self.f.toDate32(super().visit_DateTruncate(op, arg=arg, unit=unit))

    def visit_Cast(self, op: Any, *, arg: Any, to: dt.DataType) -> Any:
        if op.arg.dtype.is_floating() and to.is_integer():
            arg = self.f.round(arg)  # as DuckDB does; ClickHouse would cut
        return super().visit_Cast(op, arg=arg, to=to)

    # -- windows -------------------------------------------------------------------------------------------------

    @staticmethod
    def _minimize_spec(op: Any, spec: Any) -> Any:
        # Ranks and neighbours know no frame: with one, ClickHouse refuses the latter and takes no two rows for equals in the former.
        return None if isinstance(op.func, ops.RankBase | ops.NTile | ops.Lag | ops.Lead) else spec

    def visit_LagLead(self, op: Any, *, arg: Any, offset: Any, default: Any) -> Any:
        # Before the first and after the last row is NULL; a type that knows no NULL would give 0.
        args = [self.f.toNullable(arg), sge.convert(1) if offset is None else offset]
        return self.f[type(op).__name__.lower()](*args, *([] if default is None else [default]))

    visit_Lag = visit_Lead = visit_LagLead


compiler = Compiler()
