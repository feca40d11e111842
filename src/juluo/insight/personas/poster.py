"""The whole page as one picture: an SVG drawn from the same numbers.

It leaves the house, so it names nobody but whom it is about. It has shapes and text with attributes only, no styles, no scripts, no
links, so that a browser may draw it onto a canvas. Widths of text are estimated (a Han character is one em wide, others about half),
since the fonts are those of whoever looks.
"""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext

from juluo.kit.charts import Figure, Heat

from . import charts
from .charts import Drawn, Row
from .telling import portrait
from .types import Persona

WIDTH, MARGIN, GUTTER = 1080, 56, 32
INNER = WIDTH - 2 * MARGIN
COLUMN = (INNER - GUTTER) // 2
PAPER, CARD, INK, SOFT, FAINT = "#f6f4ef", "#ffffff", "#1d2a27", "#55635f", "#8a9591"
GREEN, GREY, LINE, AMBER = "#1f6f5c", "#b9c2be", "#e4e1d9", "#b26a00"
LEVELS = ("#eef1ee", "#d3e4dd", "#b0d0c4", "#8abaa9", "#62a28d", "#3d8873", "#1f6f5c", "#124a3d")
FONT = "'PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC','WenQuanYi Micro Hei',sans-serif"
MOST_QUOTES = 5


def poster(told: Persona, *, title: str, against: str, community: str) -> str:
    """The picture as an SVG document."""
    sheet = _Sheet()
    sheet.y = 84
    sheet.text(MARGIN, sheet.y, community, 22, SOFT)
    sheet.y += 52
    for line in _wrapped(title, 40, INNER)[:2]:
        sheet.text(MARGIN, sheet.y, line, 40, INK, bold=True)
        sheet.y += 50
    sheet.text(
        MARGIN,
        sheet.y - 8,
        gettext("对照：%(against)s · %(start)s – %(end)s") % {"against": against, "start": told.start, "end": told.end},
        20,
        FAINT,
    )
    sheet.y += 28
    _portrait(sheet, portrait(told, title, against))
    if told.size:
        _figures(sheet, charts.figures(told))
        blocks = [drawn for _group, drawn_, _numbers in charts.groups(told) for drawn in drawn_]
        blocks += [
            charts.drawn(block, told, 6)
            for block in told.blocks
            if not block.code.startswith("attr:") and block.code != "joined" and len(block.lines) != 1
        ]
        blocks = [block for block in blocks if block.rows]
        if habits := charts.habits(told) if told.spoke.get("messages_a") else []:
            blocks.append(Drawn("habits", gettext("说话习惯（占自己的发言）"), "", habits))
        _columns(sheet, blocks, against)
        if told.spoke.get("messages_a"):
            _heat(sheet, charts.heat(told.heat))
        if told.terms:
            _terms(sheet, charts.terms(told, 18))
        if told.quotes:
            _quotes(sheet, [(quote.text, f"{quote.channel} · {quote.day}") for quote in told.quotes[:MOST_QUOTES]])
    sheet.y += 16
    sheet.text(
        MARGIN,
        sheet.y,
        gettext("绿色是%(title)s，灰色是对照。倍数 = 占比 ÷ 对照占比；带 ▲▼ 的有 99%% 的把握。聚落 %(day)s")
        % {"title": _cut(title, 20, 260), "day": told.end},
        18,
        FAINT,
    )
    sheet.y += 44
    return sheet.document()


class _Sheet:
    """Shapes one below the other; `y` is where the next begins."""

    def __init__(self) -> None:
        self.y = 0.0
        self._shapes: list[str] = []

    def text(self, x: float, y: float, words: str, size: int, fill: str, *, bold: bool = False, anchor: str = "start") -> None:
        weight = ' font-weight="600"' if bold else ""
        where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}'
        self._shapes.append(f"<text {where}>{escape(_drawable(words))}</text>")

    def rect(self, x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0, stroke: str = "") -> None:
        line = f' stroke="{stroke}"' if stroke else ""
        self._shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0, width):.1f}" height="{height:.1f}" rx="{radius}" fill="{fill}"{line}/>'
        )

    def under(self, at: int, shape: tuple[float, float, float, float]) -> None:
        """Lay a card under everything drawn since `at`."""
        x, y, width, height = shape
        self._shapes.insert(
            at, f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="16" fill="{CARD}" stroke="{LINE}"/>'
        )

    @property
    def mark(self) -> int:
        return len(self._shapes)

    def document(self) -> str:
        height = round(self.y)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
            f' font-family={quoteattr(FONT)}><rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>'
            f'<rect width="{WIDTH}" height="12" fill="{GREEN}"/>{"".join(self._shapes)}</svg>'
        )


def _portrait(sheet: _Sheet, sentences: Sequence[str]) -> None:
    mark, top = sheet.mark, sheet.y
    sheet.y += 50
    for sentence in sentences:
        for line in _wrapped(sentence, 24, INNER - 64):
            sheet.text(MARGIN + 32, sheet.y, line, 24, INK)
            sheet.y += 38
        sheet.y += 8
    sheet.under(mark, (MARGIN, top, INNER, sheet.y - top))
    sheet.y += GUTTER


def _figures(sheet: _Sheet, figures: Sequence[Figure]) -> None:
    if not figures:
        return
    wide = (INNER - (len(figures) - 1) * 16) / len(figures)
    for at, one in enumerate(figures):
        x = MARGIN + at * (wide + 16)
        sheet.rect(x, sheet.y, wide, 124, CARD, radius=16, stroke=LINE)
        sheet.text(x + 18, sheet.y + 34, _cut(one.label, 17, wide - 30), 17, SOFT)
        sheet.text(x + 18, sheet.y + 78, f"{one.text}{' ' + one.unit if one.unit else ''}", 30, INK, bold=True)
        sheet.text(x + 18, sheet.y + 106, _cut(one.note, 16, wide - 30), 16, FAINT)
    sheet.y += 124 + GUTTER


def _columns(sheet: _Sheet, blocks: Sequence[Drawn], against: str) -> None:
    """Blocks in two columns, each where there is more room."""
    ends = [sheet.y, sheet.y]
    for block in blocks:
        at = 0 if ends[0] <= ends[1] else 1
        x = MARGIN + at * (COLUMN + GUTTER)
        ends[at] = _block(sheet, block, x, ends[at]) + 24
    sheet.y = max(ends) + 8


def _block(sheet: _Sheet, block: Drawn, x: float, top: float) -> float:
    height = 66 + 46 * len(block.rows)
    sheet.rect(x, top, COLUMN, height, CARD, radius=16, stroke=LINE)
    sheet.text(x + 24, top + 38, _cut(block.title, 21, COLUMN - 190), 21, INK, bold=True)
    sheet.text(x + COLUMN - 24, top + 38, block.note, 15, FAINT, anchor="end")
    y = top + 66
    for row in block.rows:
        _row(sheet, row, x + 24, y, COLUMN - 48)
        y += 46
    return top + height


def _row(sheet: _Sheet, row: Row, x: float, y: float, wide: float) -> None:
    names, numbers = 0.36 * wide, 104.0
    bars = wide - names - numbers - 12
    sheet.text(x, y + 14, _cut(row.title, 17, names - 8), 17, INK)
    sheet.rect(x + names, y, bars, 10, LEVELS[0], radius=5)
    sheet.rect(x + names, y, bars * row.width_a / 100, 10, GREEN, radius=5)
    sheet.rect(x + names, y + 14, bars * row.width_b / 100, 5, GREY, radius=2.5)
    sign, colour = {"more": ("▲", GREEN), "less": ("▼", AMBER)}.get(row.way, ("", FAINT))
    sheet.text(x + wide - 60, y + 15, row.share_a, 17, INK, bold=True, anchor="end")
    sheet.text(x + wide, y + 15, f"{sign}{row.ratio.split(' ')[0]}" if sign else "", 15, colour, anchor="end")


def _heat(sheet: _Sheet, heat: Heat) -> None:
    top, cell, left = sheet.y, 34.0, 70.0
    sheet.rect(MARGIN, top, INNER, 76 + 7 * (cell + 4) + 36, CARD, radius=16, stroke=LINE)
    sheet.text(MARGIN + 24, top + 40, gettext("什么时候说话"), 21, INK, bold=True)
    wide = (INNER - left - 48) / 24
    for line, (label, cells) in enumerate(heat.grid()):
        y = top + 64 + line * (cell + 4)
        sheet.text(MARGIN + 24, y + 23, label, 16, SOFT)
        for hour, one in enumerate(cells):
            sheet.rect(MARGIN + 24 + left + hour * wide, y, wide - 3, cell, LEVELS[one["level"] or 0], radius=5)
    for hour in range(0, 24, 3):
        sheet.text(MARGIN + 24 + left + (hour + 0.45) * wide, top + 64 + 7 * (cell + 4) + 20, str(hour), 15, FAINT, anchor="middle")
    sheet.y = top + 76 + 7 * (cell + 4) + 36 + GUTTER


def _terms(sheet: _Sheet, terms: Iterable[dict[str, object]]) -> None:
    mark, top = sheet.mark, sheet.y
    sheet.text(MARGIN + 24, top + 40, gettext("更常聊的话题"), 21, INK, bold=True)
    x, y = MARGIN + 24.0, top + 88.0
    for one in terms:
        size = 17 + 3 * int(str(one["size"]))
        words = f"{one['term']} {one['ratio']}×"
        wide = _width(words, size) + 24
        if x + wide > MARGIN + INNER - 24:
            x, y = MARGIN + 24, y + 46
        sheet.text(x, y, words, size, GREEN if int(str(one["size"])) > 2 else SOFT, bold=int(str(one["size"])) > 3)
        x += wide
    sheet.y = y + 32
    sheet.under(mark, (MARGIN, top, INNER, sheet.y - top))
    sheet.y += GUTTER


def _quotes(sheet: _Sheet, quotes: Sequence[tuple[str, str]]) -> None:
    mark, top = sheet.mark, sheet.y
    sheet.text(MARGIN + 24, top + 40, gettext("他们的原话"), 21, INK, bold=True)
    sheet.y = top + 84
    for words, who in quotes:
        for line in _wrapped("“" + " ".join(words.split()) + "”", 20, INNER - 72):
            sheet.text(MARGIN + 24, sheet.y, line, 20, INK)
            sheet.y += 30
        sheet.text(MARGIN + 24, sheet.y, _cut(who, 15, INNER - 72), 15, FAINT)
        sheet.y += 38
    sheet.under(mark, (MARGIN, top, INNER, sheet.y - top - 6))
    sheet.y += GUTTER


# -- text -------------------------------------------------------------------------------------------------------------


def _drawable(words: str) -> str:
    """Without signs that XML does not allow."""
    return "".join(
        sign
        for sign in words
        if sign in "\t\n" or (ord(sign) >= 0x20 and not 0xD800 <= ord(sign) <= 0xDFFF and ord(sign) not in (0xFFFE, 0xFFFF))
    )


def _width(words: str, size: float) -> float:
    return size * sum(1.0 if east_asian_width(sign) in "WF" else 0.58 for sign in words)


def _cut(words: str, size: float, room: float) -> str:
    words = " ".join(words.split())
    if _width(words, size) <= room:
        return words
    while words and _width(words + "…", size) > room:
        words = words[:-1]
    return words + "…"


_NEVER_FIRST = frozenset("，。；：、！？）”」》%")


def _wrapped(words: str, size: float, room: float) -> list[str]:
    """Lines that fit; Latin words stay whole where they can, and no line begins with a mark that closes."""
    lines, line, width = [], "", 0.0
    for piece in _pieces(words):
        wide = _width(piece, size)
        if line and width + wide > room and piece not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line, width = "", 0.0
            piece = piece.lstrip()
        while _width(piece, size) > room:
            fits = max(1, int(room / size / 1.0))
            lines.append(piece[:fits])
            piece = piece[fits:]
        line += piece
        width += _width(piece, size)
    return [*lines, line] if line else lines


def _pieces(words: str) -> list[str]:
    found: list[str] = []
    for sign in words:
        is_latin = sign.isascii() and not sign.isspace()
        if found and is_latin and found[-1][-1].isascii() and not found[-1][-1].isspace():
            found[-1] += sign
        else:
            found.append(sign)
    return found
