"""Write docs/metrics.md from the declarations of the figures, so that the page cannot say anything else than the product does.

python -m tools.metrics_doc            write it
python -m tools.metrics_doc --check    say whether it is current; fails when it is not
"""

import argparse
import os
import sys
from collections.abc import Iterator

from juluo.insight.maturity.measures import METRICS as OF_MATURITY
from juluo.insight.metrics.measures import GRIDS
from juluo.insight.metrics.measures import METRICS as OWN
from juluo.insight.metrics.types import GROUPS, Metric
from juluo.insight.tiers.measures.figures import METRICS as OF_TIERS
from juluo.insight.value.measures.orders import METRICS as OF_ORDERS
from tools.messages import ROOT, SOURCE, catalogue, entries, translated

PAGE = ROOT / "docs" / "metrics.md"
HEAD = """# 指标 Metrics

这一页由 `python -m tools.metrics_doc` 从代码里的声明生成，请不要手改。
每个指标在产品里都能点开「为什么是这个数」，看到同样的定义、没有算进去的、背后的明细和别的算法。

This page is generated from the declarations; every figure in the product opens to the same definition.
代号 is the code name used by the API and `juluo report --json`; ↑ / ↓ says which way is good.

"""
METRICS = (*OWN, *OF_ORDERS, *OF_TIERS, *OF_MATURITY)
WAYS = {"up": "↑", "down": "↓", "neither": "—"}
UNITS = {
    "people": "人",
    "messages": "条",
    "times": "次",
    "questions": "个",
    "percent": "%",
    "ratio": "",
    "minutes": "分钟",
    "money": "",
    "index": "0–1",
    "date": "",
    "text": "",
}


def page() -> str:
    """The page as the declarations have it now."""
    known = {key: one for room in ("maturity", "value", "metrics") for key, one in entries(catalogue(SOURCE / "insight" / room)).items()}
    english = {text: translated(message)[0] for (_context, text), message in known.items()}
    parts = [HEAD]
    for group, title in GROUPS.items():
        parts.append(f"## {title} {english.get(title, '')}\n")
        for metric in METRICS:
            if metric.group == group and not metric.variant_of:
                parts += _metric(metric, [other for other in METRICS if other.variant_of == metric.code], english)
    parts.append("## 表格 Tables\n")
    for grid in GRIDS:
        parts += [f"### {grid.name} {english.get(grid.name, '')}\n", f"代号 `{grid.code}`　{grid.meaning}\n"]
        options = "；".join(f"`{name}`：{'、'.join(f'`{value}`' for value in values)}" for name, values in grid.options.items())
        parts += [f"- 可选 {options}"] if options else []
        parts += [f"- 列 {'、'.join(f'{column.name}（`{column.code}`）' for column in grid.columns)}\n"]
    return "\n".join(parts)


def _metric(metric: Metric, variants: list[Metric], english: dict[str, str]) -> Iterator[str]:
    yield f"### {metric.name} {english.get(metric.name, '')}\n"
    unit = UNITS[metric.unit.value]
    facts = [f"代号 `{metric.code}`", *([f"单位 {unit}"] if unit else []), f"方向 {WAYS[metric.better.value]}", f"第 {metric.version} 版"]
    yield "　".join(facts) + "\n"
    yield f"- **算法** {metric.formula}"
    yield f"- **In English** {english.get(metric.formula, '')}"
    yield f"- **说明** {metric.meaning}"
    if metric.excludes:
        yield f"- **口径** {metric.excludes}"
    if metric.good:
        yield f"- **合理区间** {_range(metric.good)}{unit if unit == '%' else ''}（可按社群修改）。{metric.good_source}"
    for other in variants:
        yield f"- **别的算法** {other.name}（`{other.code}`）：{other.formula}{other.meaning}"
    yield ""


def _range(good: tuple[float | None, float | None]) -> str:
    low, high = good
    if high is None:
        return f"至少 {low:g}"
    return f"至多 {high:g}" if low is None else f"{low:g} 到 {high:g}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    fresh = page()
    if asked.check:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == fresh
        print("docs/metrics.md is current." if current else "docs/metrics.md is not current: run python -m tools.metrics_doc.")
        return 0 if current else 1
    partial = PAGE.with_suffix(".md.partial")
    partial.write_text(fresh, encoding="utf-8")
    os.replace(partial, PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
