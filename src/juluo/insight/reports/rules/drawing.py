"""Charts as SVG text: small pure functions, no script, no colours of their own.

Colours come from CSS classes (`s1`, `s2` … for series, `good`, `bad`, `muted`), so that one drawing serves light, dark and paper. Whatever
is written into a drawing is escaped here.
"""

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, cos, floor, log10, pi, sin
from unicodedata import east_asian_width

Values = Sequence[float | None]
Scale = Callable[[float], float]


def spark(values: Values, *, width: int = 96, height: int = 28) -> str:
    """A line without axes, its last point marked; "" for fewer than two values."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    x = _scale(0, len(values) - 1, 3, width - 3)
    y = _scale(low, high, height - 4, 4) if high > low else lambda _value: height / 2
    last = max(at for at, value in enumerate(values) if value is not None)
    dot = f'<circle cx="{x(last):.1f}" cy="{y(values[last] or 0):.1f}" r="2.5"/>'
    box = f'class="spark" viewBox="0 0 {width} {height}" preserveAspectRatio="xMinYMid meet"'
    return f'<svg {box} aria-hidden="true"><path d="{_path(values, x, y)}"/>{dot}</svg>'


def bar(value: float | None, top: float, *, tone: str = "") -> str:
    """One horizontal bar, filling its place: `value` of `top`."""
    length = 0 if value is None or top <= 0 else max(0.0, min(100.0, 100 * value / top))
    return _strip(f'<rect class="fill {escape(tone)}" width="{length:.2f}" height="10"/>')


def signed_bar(value: float, top: float, *, better: str = "up") -> str:
    """One bar growing from the middle, to the right for more, to the left for less; `top` is the longest of the chart."""
    length = 0 if top <= 0 else min(50.0, 50 * abs(value) / top)
    start = 50 if value >= 0 else 50 - length
    tone = "" if not better else "good" if (value >= 0) == (better == "up") else "bad"
    grown = f'<rect class="fill {tone}" x="{start:.2f}" width="{length:.2f}" height="10"/>'
    return _strip(grown + '<rect class="axis" x="49.8" width=".4" height="10"/>')


def _strip(inner: str) -> str:
    track = '<rect class="track" width="100" height="10"/>'
    return f'<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{track}{inner}</svg>'


def dial(parts: Sequence[tuple[str, float | None, float]], score: float | None, *, caption: str = "") -> str:
    """The score as a round house: a room for each dimension, as wide as it counts and as full as it has points, the score in the yard.

    `parts` are (title, points or None, share). Rooms without data stand empty and dashed.
    """
    width, height, inner, outer = 420.0, 320.0, 62.0, 118.0
    centre, middle = width / 2, height / 2
    widths = [max(share, 0.055) for _, _, share in parts]
    total = sum(widths) or 1
    gap = 0.035
    angle = -pi / 2
    drawn = []
    for (title, points, _), wide in zip(parts, widths, strict=True):
        sweep = 2 * pi * wide / total
        begin, end = angle + gap / 2, angle + sweep - gap / 2
        drawn.append(
            f'<path class="room{"" if points is not None else " empty"}" d="{_ring((centre, middle), inner, outer, begin, end)}"/>'
        )
        if points is not None and points > 0:
            reach = inner + (outer - inner) * points / 100
            tone = "good" if points >= 60 else "warn" if points >= 40 else "bad"
            drawn.append(f'<path class="full {tone}" d="{_ring((centre, middle), inner, reach, begin, end)}"/>')
        at = angle + sweep / 2
        x, y = centre + (outer + 20) * cos(at), middle + (outer + 20) * sin(at)
        anchor = "middle" if abs(cos(at)) < 0.35 else "start" if cos(at) > 0 else "end"
        told = "–" if points is None else f"{points:.0f}"
        drawn.append(
            f'<text class="name" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(title)}'
            f'<tspan class="points" dx="4">{told}</tspan></text>'
        )
        angle += sweep
    number = "–" if score is None else f"{score:.0f}"
    drawn.append(f'<text class="score" x="{centre}" y="{middle + 14}" text-anchor="middle">{number}</text>')
    if caption:
        drawn.append(f'<text class="caption" x="{centre}" y="{middle + 36}" text-anchor="middle">{escape(caption)}</text>')
    spoken = "，".join(f"{title} {'–' if points is None else round(points)}" for title, points, _ in parts)
    said = f'role="img" aria-label="{number} / 100：{escape(spoken)}"'
    return f'<svg class="dial" viewBox="0 0 {width:.0f} {height:.0f}" {said}>{"".join(drawn)}</svg>'


def lines(
    x: Sequence[str],
    series: Sequence[tuple[str, Values, bool]],
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    band: tuple[float | None, float | None] | None = None,
    columns: bool = False,
    label: str = "",
    values_shown: bool = False,
) -> str:
    """Lines (or columns) over places on x; each of `series` is (name, values, is_muted). "" where there is nothing to draw."""
    known = [value for _, values, _ in series for value in values if value is not None]
    if not known:
        return ""
    width, height, left, right, top, bottom = 640, 220, 44, 12, 14, 30
    marks = ticks(min([*known, *([low] if low is not None else [])]), max([*known, *([high] if high is not None else [])]), zero=columns)
    y = _scale(marks[0], marks[-1], height - bottom, top)
    step = (width - left - right) / max(1, len(x))
    place = lambda at: left + step * (at + 0.5)  # noqa: E731 a formula, not a function
    drawn = []
    inside = width - left - right
    if band is not None:
        ceiling = y(min(marks[-1], band[1] if band[1] is not None else marks[-1]))
        ground = y(max(marks[0], band[0] if band[0] is not None else marks[0]))
        if ground > ceiling:
            drawn.append(f'<rect class="band" x="{left}" y="{ceiling:.1f}" width="{inside}" height="{ground - ceiling:.1f}"/>')
    for mark in marks:
        at_y, words = f"{y(mark):.1f}", _short(mark) + ("%" if unit == "percent" else "")
        drawn.append(f'<line class="grid" x1="{left}" x2="{width - right}" y1="{at_y}" y2="{at_y}"/>')
        drawn.append(f'<text class="tick" x="{left - 8}" y="{y(mark) + 4:.1f}" text-anchor="end">{words}</text>')
    every = max(1, ceil(len(x) * max((_wide(one) for one in x), default=1) * 7 / (width - left - right)))
    for at, name in enumerate(x):
        if (len(x) - 1 - at) % every == 0:
            drawn.append(f'<text class="tick" x="{place(at):.1f}" y="{height - 8}" text-anchor="middle">{escape(name)}</text>')
    for nth, (_, values, is_muted) in enumerate(series, 1):
        css = "muted" if is_muted else f"s{nth}"
        if columns:
            drawn += [
                f'<rect class="column {css}" x="{place(at) - step * 0.32:.1f}" y="{y(value):.1f}" width="{step * 0.64:.1f}" '
                f'height="{max(0.0, y(marks[0]) - y(value)):.1f}" rx="2"/>'
                for at, value in enumerate(values)
                if value is not None
            ]
        else:
            drawn.append(f'<path class="line {css}" d="{_path(values, place, y)}"/>')
            drawn += [
                f'<circle class="dot {css}" cx="{place(at):.1f}" cy="{y(value):.1f}" r="3"/>'
                for at, value in enumerate(values)
                if value is not None
            ]
        if values_shown:
            drawn += [
                f'<text class="value" x="{place(at):.1f}" y="{y(value) - 8:.1f}" text-anchor="middle">{_short(value)}</text>'
                for at, value in enumerate(values)
                if value is not None
            ]
    return f'<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">{"".join(drawn)}</svg>'


def ticks(low: float, high: float, *, zero: bool = False, most: int = 5) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, at most about `most` of them."""
    if zero:
        low, high = min(0.0, low), max(0.0, high)
    if high - low <= 1e-9 * max(1.0, abs(low), abs(high)):
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    rough = (high - low) / (most - 1)
    size = 10.0 ** floor(log10(rough))
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(at * step, 10) for at in range(first, last + 1)]


def heat_level(value: float | None, top: float, levels: int = 7) -> int:
    """How dark a cell is: 0 for nothing, 1 to `levels` for something."""
    return 0 if not value or top <= 0 or value < 0 else max(1, min(levels, ceil(value / top * levels)))


def _ring(centre: tuple[float, float], inner: float, outer: float, begin: float, end: float) -> str:
    """A piece of a ring between two radii and two angles."""
    corners = ((inner, begin), (outer, begin), (outer, end), (inner, end))
    points = [(radius * cos(at) + centre[0], radius * sin(at) + centre[1]) for radius, at in corners]
    wide = int(end - begin > pi)
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = points
    return (
        f"M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}A{outer:.2f} {outer:.2f} 0 {wide} 1 {x3:.2f} {y3:.2f}"
        f"L{x4:.2f} {y4:.2f}A{inner:.2f} {inner:.2f} 0 {wide} 0 {x1:.2f} {y1:.2f}Z"
    )


def _path(values: Values, x: Scale, y: Scale) -> str:
    """A line through the values, lifted where one is missing."""
    path, is_up = [], True
    for at, value in enumerate(values):
        if value is None:
            is_up = True
            continue
        path.append(f"{'M' if is_up else 'L'}{x(at):.1f} {y(value):.1f}")
        is_up = False
    return "".join(path)


def _scale(low: float, high: float, begin: float, end: float) -> Scale:
    span = (high - low) or 1
    return lambda value: begin + (value - low) / span * (end - begin)


def _short(value: float) -> str:
    """A number in little room: 12,345 → 12.3k; whole numbers without decimals."""
    size = abs(value)
    if size >= 1_000_000:
        return f"{value / 1_000_000:.1f}".rstrip("0").rstrip(".") + "M"
    if size >= 10_000:
        return f"{value / 1_000:.1f}".rstrip("0").rstrip(".") + "k"
    return f"{value:,.0f}" if float(value).is_integer() or size >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
