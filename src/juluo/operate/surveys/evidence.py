"""What surveys and interviews say of belonging, for the pyramid evaluation."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.insight.maturity.registry import Act, Evidence, Found
from juluo.insight.metrics.types import Period, Unit
from juluo.kit.errors import N_

from .models import Finding, Response, Version
from .queries import design_of
from .rules.scores import nps
from .types import Kind, Theme

LOOK_BACK = 180  # days before the end of a period in which an answer or a talk still speaks for it
FEWEST_ANSWERS, FEWEST_FINDINGS = 10, 3


def recommended(community: Community, period: Period) -> Found:
    """The net promoter score of what was answered in the period, or, where too few answered, in the half year up to its end."""
    asking = [
        one.survey_id
        for one in Version.objects.filter(survey__community=community).exclude(survey__state="draft")
        if any(question.kind == Kind.NPS for question in design_of(one.design).questions)
    ]
    for start in (period.start, period.stop - dt.timedelta(days=LOOK_BACK)):
        counts = _scores(community, asking, start, period.stop)
        if sum(counts.values()) >= FEWEST_ANSWERS:
            found = nps(counts)
            assert found.score is not None
            facts = {
                "n": sum(counts.values()),
                "promoters": found.promoters,
                "detractors": found.detractors,
                "margin": round(100 * (found.margin or 0), 1),
            }
            says = N_("%(n)s 份回答，推荐者 %(promoters)s、贬损者 %(detractors)s，误差 ±%(margin)s。")
            if start != period.start:
                says = N_("近半年 %(n)s 份回答，推荐者 %(promoters)s、贬损者 %(detractors)s，误差 ±%(margin)s。")
            return Found(100 * found.score, says, facts)
    return Found(None, missing=N_("近半年的 NPS 回答不到 10 份，不打分。"))


def _scores(community: Community, surveys: list[int], start: dt.date, stop: dt.date) -> dict[int, int]:
    zone = ZoneInfo(community.zone)
    begin, end = (dt.datetime.combine(day, dt.time(), zone) for day in (start, stop))
    rows = Response.objects.filter(survey__in=surveys, answered_at__gte=begin, answered_at__lt=end, score__isnull=False)
    return dict(Counter(int(score) for score in rows.values_list("score", flat=True) if score is not None))


def _coded(community: Community, period: Period, topic: str) -> Found:
    """Of what interviews found about a topic, how much is praise and not need or pain, in percent."""
    rows = Finding.objects.filter(
        interview__community=community,
        interview__held_on__gte=period.stop - dt.timedelta(days=LOOK_BACK),
        interview__held_on__lt=period.stop,
        topic__contains=topic,
    ).exclude(theme=Theme.NOTE)
    themes = Counter(rows.values_list("theme", flat=True))
    whole = sum(themes.values())
    if whole < FEWEST_FINDINGS:
        return Found(None, missing=N_("近半年的访谈里，标了这个主题的发现不到 3 条，不打分。"))
    good = themes[Theme.PRAISE]
    facts = {"n": whole, "good": good, "bad": whole - good}
    return Found(100 * good / whole, N_("近半年访谈里 %(n)s 条发现：认可 %(good)s，需求和痛点 %(bad)s。"), facts, None, good, whole)


def belonging(community: Community, period: Period) -> Found:
    return _coded(community, period, "归属")


def gain(community: Community, period: Period) -> Found:
    return _coded(community, period, "获得")


_OWN = N_("经验值：NPS 高于 0 是推荐多于贬损，50 以上常被称为优秀，没有注明出处。")
_TALKS = N_("经验值：认可多过需求和痛点时过半分。")

EVIDENCE = (
    Evidence(
        "surveys.nps",
        "belonging",
        N_("净推荐值（NPS）"),
        Unit.RATIO,
        N_("推荐者（9–10 分）占比 − 贬损者（0–6 分）占比，−100 到 100。期内回答不到 10 份时看近半年的。"),
        (-50, 50),
        _OWN,
        Act(
            N_("给打 0–6 分的人各回一次话，问一个具体的不满"),
            N_("两天内由人去问，不辩解；把不满归成三类，挑一类本月改掉，改完告诉他们。"),
            Role.MANAGER,
            7,
        ),
        value=recommended,
        route="surveys:list",
        order=10,
    ),
    Evidence(
        "interviews.belonging",
        "belonging",
        N_("访谈：归属感"),
        Unit.PERCENT,
        N_("近半年访谈里，主题含「归属」的发现中认可所占的比例（其余是需求和痛点）。"),
        (20, 80),
        _TALKS,
        Act(
            N_("给成员一个属于自己的位置：称呼、署名、固定的事"),
            N_("为每位核心和活跃成员想一件只有他能做的小事，公开托付；新人由固定的人带第一周。"),
            Role.MANAGER,
            21,
        ),
        value=belonging,
        route="surveys:interviews",
        order=20,
    ),
    Evidence(
        "interviews.gain",
        "belonging",
        N_("访谈：获得感"),
        Unit.PERCENT,
        N_("近半年访谈里，主题含「获得」的发现中认可所占的比例（其余是需求和痛点）。"),
        (20, 80),
        _TALKS,
        Act(
            N_("把这个月大家得到的东西整理出来发一次"),
            N_("解决了几个问题、认识了谁、省了多少钱，配三位成员自己的话；月底固定发。"),
            Role.EDITOR,
            21,
        ),
        value=gain,
        route="surveys:interviews",
        order=30,
    ),
)
