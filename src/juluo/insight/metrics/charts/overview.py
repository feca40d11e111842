"""概览: the figures that say how the community is doing, a handful for each question."""

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.kit.errors import N_

from .asked import Asked
from .drawing import cards, course
from .plan import Drawn, Page, Part

# The questions an operator asks, in this order, and the figures that answer them.
QUESTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "activity": (N_("还热闹吗"), ("active_members", "participation", "messages", "stickiness")),
    "growth": (N_("在变大还是变小"), ("members", "new_members", "net_growth", "leave_rate")),
    "retention": (N_("人留得住吗"), ("first_word_7d", "stay_7", "return_rate", "pulse")),
    "response": (N_("有问有答吗"), ("reply_share", "answered_share", "first_answer", "unanswered")),
    "structure": (N_("靠几个人撑着，气氛如何"), ("absence_factor", "newcomer_share", "positive_share", "negative_share")),
}


def _question(code: str) -> Part:
    title, figures = QUESTIONS[code]

    def draw(asked: Asked, _query: QueryDict) -> Drawn:
        return {"title": gettext(title), "figures": cards(asked, figures), "more": code}

    return Part(code, draw, lines=4)


def _pulse(asked: Asked, _query: QueryDict) -> Drawn:
    return {"drawings": [course(asked, "active_members", kind="area"), course(asked, "messages", kind="area")]}


PAGE = Page(
    "overview",
    N_("概览"),
    N_("社群好不好，先看这一页。每个数字右上角的问号会告诉您它是怎么算出来的。"),
    "layout-dashboard",
    (_question("activity"), Part("pulse", _pulse), *(_question(code) for code in QUESTIONS if code != "activity")),
    tuple(code for _title, codes in QUESTIONS.values() for code in codes),
)
