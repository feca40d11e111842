"""Surveys to start from."""

from collections.abc import Callable
from dataclasses import dataclass

from juluo.kit.errors import N_

from ..types import Choice, Condition, Design, Kind, Question


@dataclass(frozen=True)
class Ready:
    """A survey to start from: `design(_)` says it in the language of `_`. Surveys of one `series` are waves of the same."""

    code: str
    title: str
    text: str
    icon: str
    design: Callable[[Callable[[str], str]], Design]
    series: str = ""


def _choices(_: Callable[[str], str], *titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"c{number}", _(title)) for number, title in enumerate(titles, 1))


def _nps(_: Callable[[str], str]) -> Design:
    return Design(
        intro=_("只有三个问题，一分钟就好。您的话会直接影响我们下个月做什么。"),
        questions=(
            Question(
                "nps",
                Kind.NPS,
                _("您有多大可能把我们的社群推荐给朋友？"),
                is_required=True,
                low_label=_("完全不会"),
                high_label=_("一定会"),
            ),
            Question("better", Kind.TEXT, _("哪一点做好了，您会更愿意推荐？"), show_if=Condition("nps", "at_most", number=8)),
            Question("best", Kind.TEXT, _("您最喜欢这里的什么？"), show_if=Condition("nps", "at_least", number=9)),
        ),
        thanks=_("谢谢！每一条我们都会读。"),
    )


def _welcome(_: Callable[[str], str]) -> Design:
    return Design(
        intro=_("欢迎加入！先认识一下您，好让我们少打扰、多帮忙。"),
        questions=(
            Question(
                "from",
                Kind.SINGLE,
                _("您是怎么知道这里的？"),
                is_required=True,
                has_other=True,
                choices=_choices(_, N_("朋友推荐"), N_("公众号或视频号"), N_("小红书"), N_("线下活动"), N_("搜索")),
            ),
            Question(
                "wants",
                Kind.MULTIPLE,
                _("您最想在这里得到什么？"),
                has_other=True,
                choices=_choices(_, N_("解决具体问题"), N_("学到新东西"), N_("认识同好"), N_("优惠和福利"), N_("随便看看")),
            ),
            Question("city", Kind.TEXT, _("您在哪个城市？")),
            Question(
                "often",
                Kind.SINGLE,
                _("多久被打扰一次比较合适？"),
                choices=_choices(_, N_("每天"), N_("一周两三次"), N_("一周一次"), N_("有大事再叫我")),
            ),
        ),
        thanks=_("记下了，群里见！"),
    )


def _satisfaction(_: Callable[[str], str]) -> Design:
    return Design(
        questions=(
            Question(
                "overall", Kind.SCALE, _("总的来说，您对社群满意吗？"), is_required=True, low_label=_("很不满意"), high_label=_("很满意")
            ),
            Question(
                "parts",
                Kind.MATRIX,
                _("分别来看呢？"),
                rows=tuple(
                    Choice(code, _(title))
                    for code, title in (
                        ("content", N_("内容")),
                        ("activity", N_("活动")),
                        ("help", N_("有人答疑")),
                        ("mood", N_("群里的气氛")),
                    )
                ),
                choices=tuple(Choice(f"s{n}", _(title)) for n, title in enumerate((N_("不满意"), N_("一般"), N_("满意"), N_("没感觉")), 1)),
            ),
            Question("why", Kind.TEXT, _("哪里让您不满意？"), show_if=Condition("overall", "at_most", number=2)),
            Question("wish", Kind.TEXT, _("还希望我们做什么？")),
        ),
        thanks=_("谢谢您花时间告诉我们。"),
    )


def _activity(_: Callable[[str], str]) -> Design:
    return Design(
        questions=(
            Question("came", Kind.SINGLE, _("这次活动您参加了吗？"), is_required=True, choices=_choices(_, N_("参加了"), N_("没有参加"))),
            Question(
                "why_not",
                Kind.MULTIPLE,
                _("没来是因为？"),
                has_other=True,
                show_if=Condition("came", choices=("c2",)),
                choices=_choices(_, N_("时间不合适"), N_("地点太远"), N_("内容不感兴趣"), N_("没看到通知")),
            ),
            Question(
                "score",
                Kind.SCALE,
                _("您给这次活动打几分？"),
                is_required=True,
                low_label=_("很失望"),
                high_label=_("很精彩"),
                show_if=Condition("came", choices=("c1",)),
            ),
            Question("best", Kind.TEXT, _("印象最深的是什么？"), show_if=Condition("came", choices=("c1",))),
            Question("next", Kind.TEXT, _("下次您想参加什么样的活动？")),
        ),
        thanks=_("谢谢，下次活动见！"),
    )


READY = (
    Ready("nps", N_("NPS 月度调查"), N_("每月问一次「愿不愿意推荐」，看口碑的走势。"), "heart-handshake", _nps, series="nps"),
    Ready("welcome", N_("入群问卷"), N_("新人从哪里来、想要什么、多久打扰一次合适。"), "door-enter", _welcome),
    Ready(
        "satisfaction", N_("满意度"), N_("总体打分，再分内容、活动、答疑、气氛来看。"), "mood-smile", _satisfaction, series="satisfaction"
    ),
    Ready("activity", N_("活动反馈"), N_("来没来、为什么、打几分、下次想要什么。"), "calendar-heart", _activity),
)
BY_CODE = {one.code: one for one in READY}
