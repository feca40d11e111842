"""The design system's components, as template tags: `{% load juluo %}`. docs/design-system.md shows each in use."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from django import template
from django.template import Context, loader
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from juluo.kit import charts, clock, icons, numbers, parts, tables

register = template.Library()

HEIGHTS = ("xs", "s", "m", "l", "xl")
AVATAR_TONES = 8


# --- words and numbers ---------------------------------------------------------------------------------------------------------


@register.filter
def number(value: float | None, digits: int | None = None) -> str:
    return numbers.number(value, digits)


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    return numbers.percent(share, digits)


@register.filter
def compact(value: float | None) -> str:
    return numbers.compact(value)


@register.filter
def duration(seconds: float | None) -> str:
    return numbers.duration(seconds)


@register.filter
def day(value: date | None) -> str:
    """A local day, year first as Chinese readers expect and everyone understands."""
    return numbers.DASH if value is None else date_format(value, "Y-m-d")


@register.filter
def moment(value: datetime | None) -> SafeString:
    """A moment in the active time zone, to the minute; machines and the pointer get it exactly."""
    if value is None:
        return SafeString(numbers.DASH)
    local = localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), date_format(local, "Y-m-d H:i"))


@register.filter
def ago(value: datetime | None) -> SafeString:
    """How long ago, in the largest unit: "3 天前"; the exact moment when pointed at."""
    if value is None:
        return SafeString(numbers.DASH)
    local = localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        date_format(local, "Y-m-d H:i"),
        _ago((clock.now() - value).total_seconds()),
    )


def _ago(seconds: float) -> str:
    if seconds < 60:
        return gettext("刚刚")
    if seconds < 3_600:
        count = int(seconds // 60)
        return ngettext("%(count)s 分钟前", "%(count)s 分钟前", count) % {"count": count}
    if seconds < 86_400:
        count = int(seconds // 3_600)
        return ngettext("%(count)s 小时前", "%(count)s 小时前", count) % {"count": count}
    count = int(seconds // 86_400)
    return ngettext("%(count)s 天前", "%(count)s 天前", count) % {"count": numbers.number(count)}


# --- marks ---------------------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "", title: str = "") -> SafeString:
    return icons.icon(name, css, title)


@register.simple_tag
def badge(text: object, tone: parts.Tone = "", icon: str = "") -> SafeString:
    drawn = icons.icon(icon) if icon else ""
    return format_html('<span class="jl-badge jl-badge-{}">{}{}</span>', tone or "plain", drawn, text)


@register.simple_tag
def avatar(name: str, size: str = "m") -> SafeString:
    """The initial of a name on one of eight quiet colours, the same for the same name everywhere. Decorative: the name stands beside it."""
    return format_html('<span class="jl-avatar jl-avatar-{} jl-hue-{}" aria-hidden="true">{}</span>', size, hue(name), initials(name))


def hue(name: str) -> int:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=2).digest()[0] % AVATAR_TONES


def initials(name: str) -> str:
    """The last character of a Chinese name (people are called by it), the first letters of two words otherwise."""
    words = [word for word in name.strip().split() if word]
    if not words:
        return "·"
    if "\u3400" <= words[0][0] <= "\u9fff":
        return words[0][-1] if len(words[0]) <= 4 and "\u3400" <= words[0][-1] <= "\u9fff" else words[0][0]
    return "".join(word[0] for word in words[:2]).upper()


@register.inclusion_tag("juluo/why.html")
def why(url: str, label: str = "") -> dict[str, Any]:
    """The “为什么是这个数” button: opens `url` in the drawer."""
    return {"url": url, "label": label}


# --- figures and charts ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("juluo/figure.html")
def figure(figure: charts.Figure) -> dict[str, Any]:
    return {"figure": figure, "path": charts.spark_path(figure.spark)}


@register.inclusion_tag("juluo/score.html")
def score(value: float | None, label: str = "", before: float | None = None, size: str = "l", why: str = "") -> dict[str, Any]:
    """A ring of 0–100. Red below 40, amber below 60, our green from 60 on, and always the number itself."""
    tone = "none" if value is None else "bad" if value < 40 else "warn" if value < 60 else "good"
    round_value = None if value is None else round(value)
    return {
        "value": round_value,
        "label": label,
        "tone": tone,
        "size": size,
        "why": why,
        "dash": 0 if value is None else max(0.0, min(100.0, value)),
        "change": None if value is None or before is None else round(value) - round(before),
    }


@register.inclusion_tag("juluo/chart.html")
def chart(chart: charts.Chart, title: str = "", note: str = "", height: str = "m", why: str = "", empty: str = "") -> dict[str, Any]:
    """A chart with its heading, the numbers as a table for whoever wants them, and words for whoever does not see it."""
    rows = chart.rows() if chart.option is None else []
    return {
        "chart": chart,
        "spec": chart.spec(),
        "id": f"chart-{blake2b(repr((title, chart)).encode(), digest_size=6).hexdigest()}",
        "title": title,
        "note": note,
        "height": height if height in HEIGHTS else "m",
        "why": why,
        "empty": empty,
        "rows": rows[:400],
        "cut": max(0, len(rows) - 400),
    }


@register.inclusion_tag("juluo/heat.html")
def heatmap(heat: charts.Heat, title: str = "", note: str = "", why: str = "") -> dict[str, Any]:
    return {"heat": heat, "title": title, "note": note, "why": why, "levels": range(charts.Heat.LEVELS + 1)}


@register.simple_tag
def bar(value: float | None, top: float, tone: str = "accent", label: str = "") -> SafeString:
    """A small horizontal bar, for shares inside tables."""
    width = 0 if value is None or not top else max(0.0, min(100.0, 100 * value / top))
    return format_html(
        '<svg class="jl-bar jl-tone-{}" viewBox="0 0 100 6" preserveAspectRatio="none" {}>'
        '<rect width="100" height="6" rx="3" class="jl-bar-track"/><rect width="{}" height="6" rx="3"/></svg>',
        tone,
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"'),
        f"{width:.1f}",
    )


# --- lists -----------------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("juluo/table.html", takes_context=True)
def table(
    context: Context,
    table: tables.Table,
    caption: str = "",
    empty_icon: str = "list-search",
    empty_title: str = "",
    empty_text: str = "",
) -> dict[str, Any]:
    request = context.get("request")
    return {
        "table": table,
        "caption": caption,
        "path": request.path if request else "",
        "empty_icon": empty_icon,
        "empty_title": empty_title,
        "empty_text": empty_text,
    }


@register.inclusion_tag("juluo/timeline.html")
def timeline(moments: Sequence[parts.Moment]) -> dict[str, Any]:
    days: list[tuple[date, list[parts.Moment]]] = []
    for one in moments:
        on = localtime(one.at).date()
        if not days or days[-1][0] != on:
            days.append((on, []))
        days[-1][1].append(one)
    return {"days": days}


# --- places ----------------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("juluo/tabs.html")
def tabs(items: Sequence[parts.Tab], label: str = "") -> dict[str, Any]:
    return {"items": items, "label": label}


@register.inclusion_tag("juluo/empty.html", name="empty")
@register.inclusion_tag("juluo/empty.html")
def nothing(
    icon: str, title: str, text: str = "", action: str = "", url: str = "", second: str = "", second_url: str = ""
) -> dict[str, Any]:
    """Nothing here yet: what that means and what to do next. (Also as `empty`, which inside a loop is Django's word.)"""
    return {"icon": icon, "title": title, "text": text, "action": action, "url": url, "second": second, "second_url": second_url}


@register.inclusion_tag("juluo/progress.html")
def progress(progress: parts.Progress) -> dict[str, Any]:
    return {"progress": progress}


@register.inclusion_tag("juluo/skeleton.html")
def skeleton(lines: int = 3) -> dict[str, Any]:
    return {"lines": range(lines)}


@register.inclusion_tag("juluo/confirm.html", takes_context=True)
def confirm_button(
    context: Context,
    url: str,
    label: str,
    question: str,
    text: str = "",
    confirm: str = "",
    icon: str = "",
    tone: str = "danger",
    css: str = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A button that posts to `url` after the person said yes. Works without JavaScript too (then it posts at once)."""
    return {
        "csrf_token": context.get("csrf_token", ""),
        "url": url,
        "label": label,
        "question": question,
        "text": text,
        "confirm": confirm or label,
        "icon": icon,
        "tone": tone,
        "css": css or f"btn-outline-{tone}",
        "name": name,
        "value": value,
    }


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "", why: str = "", css: str = "", flush: bool = False) -> SafeString:
    """{% card title=… %}…{% endcard %}: a framed part of a page. `flush` leaves the padding to the content (tables)."""
    return _block("juluo/card.html", content=content, title=title, note=note, why=why, css=css, flush=flush)


@register.simple_block_tag(takes_context=True)
def filterbar(
    context: Context,
    content: str,
    period: Any = None,
    target: str = "results",
    search: str = "",
    placeholder: str = "",
    compare: bool = True,
) -> SafeString:
    """A form whose changes take effect at once: date range and comparison where `period` is given, a search box, and what is inside.

    `compare=False` leaves the comparison out.

    What it changes is the element with the id `target`, fetched from the same address.
    """
    request = context.get("request")
    return _block(
        "juluo/filterbar.html",
        content=content,
        period=period,
        compare=compare,
        target=target,
        path=request.path if request else "",
        has_search=bool(placeholder or search),
        search=search,
        placeholder=placeholder or gettext("搜索"),
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """{% dialog id="merge" title=… %}…{% enddialog %}; opened by any button with `data-open="merge"`."""
    return _block("juluo/dialog.html", content=content, id=id, title=title)


def _block(name: str, **context: Any) -> SafeString:
    return loader.render_to_string(name, context)


# --- forms -----------------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("juluo/field.html")
def field(field: Any, label: str = "", hint: str | None = None, autofocus: bool = False) -> dict[str, Any]:
    """A form field with its label, hint and errors, tied together for screen readers.

    `label` and `hint` replace the form's own; an empty `hint` leaves it out.
    """
    widget = field.field.widget
    kind = getattr(widget, "input_type", "textarea")
    shown_hint = field.help_text if hint is None else hint
    attributes = {"class": _CONTROLS.get(kind, "form-control")}
    if label:
        attributes["placeholder"] = ""
    if field.errors:
        attributes["class"] += " is-invalid"
        attributes["aria-invalid"] = "true"
    if told := " ".join(f"{field.id_for_label}-{part}" for part, there in (("hint", shown_hint), ("error", field.errors)) if there):
        attributes["aria-describedby"] = told
    if autofocus:
        attributes["autofocus"] = "autofocus"
    return {
        "field": field,
        "control": field.as_widget(attrs=attributes),
        "label": label or field.label,
        "hint": shown_hint,
        "kind": kind,
        "is_optional": not field.field.required and not getattr(field.form, "all_optional", False),
    }


_CONTROLS = {"checkbox": "form-check-input", "select": "form-select", "radio": "form-check-input", "file": "form-control"}


@register.inclusion_tag("juluo/fields.html")
def fields(form: Any) -> dict[str, Any]:
    """All visible fields of a form, with the errors that belong to none of them first."""
    return {"form": form}


# --- templates -------------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """What the block `name` says, a second time: the page's title is its heading and its `<title>`."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return SafeString(block.nodelist.render(context).strip()) if block else SafeString("")
