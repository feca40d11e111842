"""A community with three members, and surveys in it."""

from collections.abc import Callable
from typing import Any

import pytest

from juluo.ground.communities.models import Community
from juluo.operate.surveys.actions import make, publish
from juluo.operate.surveys.models import Survey
from juluo.operate.surveys.rules.ready import BY_CODE
from juluo.operate.surveys.types import Choice, Condition, Design, Kind, Question
from juluo.record.people.models import Member
from tests.cast import history, said

TRIP = Design(
    intro="想听听您的意见。",
    questions=(
        Question("nps", Kind.NPS, "您会推荐我们吗？", is_required=True),
        Question("why", Kind.TEXT, "为什么？", show_if=Condition("nps", "at_most", number=6)),
        Question("when", Kind.SINGLE, "哪天来？", has_other=True, choices=(Choice("sat", "周六", limit=1), Choice("sun", "周日"))),
        Question("likes", Kind.MULTIPLE, "喜欢什么？", choices=(Choice("a", "手冲"), Choice("b", "拿铁"), Choice("c", "冷萃"))),
        Question(
            "parts",
            Kind.MATRIX,
            "分别怎么样？",
            rows=(Choice("food", "吃的"), Choice("talk", "聊天")),
            choices=(Choice("x", "好"), Choice("y", "不好")),
        ),
        Question("on", Kind.DATE, "哪天认识我们的？"),
        Question("cups", Kind.NUMBER, "一天几杯？"),
        Question("stars", Kind.SCALE, "打几星？"),
    ),
    thanks="谢谢您！",
)


@pytest.fixture
def coffee(db: None) -> Community:
    return history([said("阿树", "2026-03-02 09:00"), said("小溪", "2026-03-02 10:00"), said("石头", "2026-03-03 10:00")], name="山间咖啡")


@pytest.fixture
def member(coffee: Community) -> Callable[[str], Member]:
    return lambda name: Member.objects.get(community=coffee, name=name)


@pytest.fixture
def survey(coffee: Community) -> Survey:
    return publish(make(coffee, "周末咖啡", TRIP, code="trip"))


@pytest.fixture
def monthly(coffee: Community) -> Survey:
    return publish(make(coffee, "NPS 月度调查", BY_CODE["nps"].design(str), series="nps", code="nps"))


def form(**answers: Any) -> dict[str, list[str]]:
    """A form as a browser sends it: `form(nps=9, likes=["a", "b"], when_other="…", parts_food="x")`."""
    sent = {}
    for name, value in answers.items():
        sent[f"q-{name.replace('_', '-')}"] = list(value) if isinstance(value, list) else [str(value)]
    return sent
