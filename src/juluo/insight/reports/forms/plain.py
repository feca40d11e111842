"""The report for programs: everything by code names."""

from typing import Any

import msgspec

from ..types.report import Report


def plain(report: Report) -> dict[str, Any]:
    """JSON-able. `totals` are over the whole history, `metrics` of the week; unknown values are null, never 0.

    `dimensions` and `metrics` are keyed by code, `sections` hold each section's data without its words.
    """
    score = report.score
    found = {
        "community": report.community,
        "week": report.week,
        "start": report.start,
        "stop": report.stop,
        "is_whole": report.is_whole,
        "gathered_at": report.gathered_at,
        "totals": report.totals,
        "score": score.points,
        "score_before": score.before,
        "verdict": score.verdict,
        "score_trend": [{"week": week, "score": points} for week, points in score.trend],
        "caveats": score.caveats,
        "dimensions": {
            one.code: {
                "title": one.title,
                "score": one.points,
                "before": one.before,
                "weight": one.weight,
                "share": one.share,
                "inputs": {
                    entry.code: {"value": entry.value, "points": entry.points, "share": entry.share, "why": entry.why}
                    for entry in one.inputs
                },
            }
            for one in score.dimensions
        },
        "metrics": {
            one.code: {
                "name": one.name,
                "unit": one.unit,
                "value": one.value,
                "before": one.before,
                "low": one.low,
                "high": one.high,
                **({"missing": one.missing} if one.missing else {}),
            }
            for one in report.metrics
        },
        "headline": report.headline,
        "suggestions": report.suggestions,
        "days": [{"day": day.day, **day.values} for day in report.days],
        "sections": {section.code: section.data for section in report.sections},
    }
    return msgspec.to_builtins(found)
