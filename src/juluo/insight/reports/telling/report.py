"""The whole report."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils.translation import get_language

from juluo.kit.errors import N_

from ..registry import ordered
from ..types.material import Material
from ..types.report import About, MetricView, Report, SectionView, SuggestionView
from ..types.settings import Setting
from ..words import said, signed
from .scores import told_score


def told(about: About, material: Material, setting: Setting, datas: dict[str, Any], suggestions: Sequence[SuggestionView]) -> Report:
    """Put a gathered week into words. `datas` are the sections' data in their own shapes."""
    score = told_score(setting)
    views = [
        SectionView(
            section.code, said(section.title), tuple(section.tell(datas[section.code], setting)), msgspec.to_builtins(datas[section.code])
        )
        for section in ordered()
        if section.code in datas
    ]
    return Report(
        community=about,
        week=material.week,
        start=material.start,
        stop=material.stop,
        is_whole=material.is_whole,
        gathered_at=material.gathered_at,
        language=get_language() or "zh-hans",
        title=said(N_("%(name)s · 社群健康周报"), {"name": about.name}),
        headline=_headline(setting, views, suggestions),
        score=score,
        totals=material.totals,
        metrics=tuple(_metric(course) for course in material.courses.values()),
        days=material.days,
        sections=tuple(views),
        suggestions=tuple(suggestions),
    )


def _metric(course: Any) -> MetricView:
    return MetricView(
        course.code,
        said(course.name),
        course.unit,
        course.value,
        course.before,
        course.better,
        course.low,
        course.high,
        said(course.missing) if course.missing else "",
        course.values,
    )


def _headline(setting: Setting, views: Sequence[SectionView], suggestions: Sequence[SuggestionView]) -> tuple[str, ...]:
    """Three sentences a boss understands: how it is, what moved most, what to do first."""
    return tuple(filter(None, (_how(setting), _moved(setting, views), _first(suggestions))))


def _how(setting: Setting) -> str:
    now = setting.score
    if now.points is None:
        return said(N_("数据太少，这周不打分；下面的数字照实列出，供您参考。"))
    score = told_score(setting)
    sentence = said(N_("这周健康度 %(points)s 分，%(verdict)s"), {"points": round(now.points), "verdict": score.verdict})
    if score.before is not None:
        change = round(now.points) - round(score.before)
        if change:
            sentence += said(
                N_("，比上周%(change)s 分"), {"change": said(N_("高 %(n)s") if change > 0 else N_("低 %(n)s"), {"n": abs(change)})}
            )
        else:
            sentence += said(N_("，和上周持平"))
    marked = sorted((one for one in score.dimensions if one.points is not None and one.share), key=lambda one: one.points or 0)
    if len(marked) > 1:
        sentence += said(N_("；最好的是%(best)s，最弱的是%(worst)s"), {"best": marked[-1].title, "worst": marked[0].title})
    return sentence + said(N_("。"))


def _moved(setting: Setting, views: Sequence[SectionView]) -> str:
    messages, active = setting.courses.get("messages"), setting.courses.get("active_members")
    if messages is None or messages.value is None or active is None or active.value is None:
        return ""
    sentence = said(N_("%(active)s 位成员活跃，说了 %(messages)s 条"), {"active": active.value, "messages": messages.value})
    if messages.before:
        change = 100 * (messages.value - messages.before) / messages.before
        sentence += said(N_("（比上周 %(change)s%%）"), {"change": signed(round(change))})
    sentence += said(N_("；"))
    joined, left = setting.value("new_members"), setting.value("lost_members")
    if joined is not None and left is not None:
        sentence += said(N_("新来 %(new)s 人，离开 %(left)s 人。"), {"new": joined, "left": left})
    elif joined is not None:
        sentence += said(N_("新来 %(new)s 人。"), {"new": joined})
    return sentence


def _first(suggestions: Sequence[SuggestionView]) -> str:
    open_ones = [one for one in suggestions if one.is_open]
    return (
        said(N_("最该先做的一件事：%(text)s"), {"text": open_ones[0].text}) if open_ones else said(N_("这周没有非做不可的事，照常就好。"))
    )
