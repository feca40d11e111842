"""Every figure of the house, by its code. Rooms above and third parties add theirs from their wiring."""

from juluo.kit.registry import Registry

from .types import Grid, Metric, Sheet

sheets: Registry[Sheet] = Registry("sheet of counts")
metrics: Registry[Metric] = Registry("metric")
grids: Registry[Grid] = Registry("table figure")


def variants_of(metric: Metric) -> list[Metric]:
    """The same figure under its other common definitions (the principal one first, when `metric` is itself a variant)."""
    principal = metric.variant_of or metric.code
    family = [known for known in metrics if principal in (known.code, known.variant_of)]
    return [known for known in family if known.code != metric.code]
