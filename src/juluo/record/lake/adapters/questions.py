"""From an Ibis expression to an engine's SQL, and from an engine's answer to what the expression promised."""

from collections.abc import Callable

import ibis
import ibis.expr.datatypes as types
import ibis.expr.operations as ops
import pyarrow as pa
import sqlglot.expressions as sge

PREFIX = "p_"


def parameters(expression: ibis.Table) -> dict[str, types.DataType]:
    """The `param`s in an expression, with their types."""
    udfs = expression.op().find(ops.ScalarUDF)
    return {name.removeprefix(PREFIX): udf.dtype for udf in udfs if (name := udf.__func_name__).startswith(PREFIX)}


def with_parameters(tree: sge.Expression, place: Callable[[str, sge.Expression], sge.Expression]) -> sge.Expression:
    """The tree with every parameter replaced by the engine's placeholder: `place(name, node)`."""

    def placed(node: sge.Expression) -> sge.Expression:
        if isinstance(node, sge.Anonymous) and str(node.this).startswith(PREFIX):
            return place(str(node.this).removeprefix(PREFIX), node)
        return node

    return tree.transform(placed)


def shaped(answer: pa.Table, schema: pa.Schema) -> pa.Table:
    """An engine's answer in the promised types: one engine sums into 128 bits, another has no dates before 1970 but numbers of days."""
    if answer.schema.equals(schema):
        return answer
    return pa.table([_cast(answer[field.name], field.type) for field in schema], schema=schema)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if column.type == kind:
        return column
    if pa.types.is_date32(kind) and pa.types.is_integer(column.type):
        column = column.cast(pa.int32())
    if pa.types.is_binary(column.type):
        column = column.cast(pa.string())
    return column.cast(kind)
