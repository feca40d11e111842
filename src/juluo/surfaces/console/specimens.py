"""Made-up content for the style page, which is for builders and therefore not translated."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from juluo.kit import clock
from juluo.kit.charts import Chart, Figure, Heat, Series
from juluo.kit.parts import Moment, Progress, Tab
from juluo.kit.periods import asked
from juluo.kit.tables import Column, Table

_WAVE = [31, 42, 38, 55, 61, 48, 29, 33, 47, 44, 58, 66, 52, 30, 36, 49, 51, 63, 70, 57, 35, 41, 55, 58, 69, 77, 61, 40]
_NAMES = ("林小满", "陈树", "Mika Andersson", "周同学", "阿布", "Chloé D.", "山风", "jin_wu", "何以晴", "老K")


class Sample(forms.Form):
    name = forms.CharField(label="社群名称", help_text="成员会看到这个名字。")
    kind = forms.ChoiceField(label="角色", choices=[("a", "管理员"), ("b", "只读")])
    about = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    remember = forms.BooleanField(label="记住我", required=False)


def moving(step: int) -> Progress:
    """A made-up import, one step further."""
    done = min(1_240_000, 180_000 + step * 212_000)
    state: Any = "done" if done >= 1_240_000 else "running"
    poll = f"{reverse('console:style-progress')}?step={step + 1}"
    return Progress("正在导入 chat-export.json", done, 1_240_000, "行", rate=106_000, state=state, poll=poll, id="specimen-progress")


def why() -> dict[str, Any]:
    rows = [{"code": "a", "title": "机器人发的消息", "count": 1_204}, {"code": "b", "title": "团队成员发的消息", "count": 318}]
    return {"rows": rows, "chart": Chart(_days(28), [Series("日活", _WAVE)], unit="人")}


def everything(request: HttpRequest) -> dict[str, Any]:
    days = _days(28)
    before = [round(value * 0.86 + (at * 7) % 5) for at, value in enumerate(_WAVE)]
    ask = reverse("console:style-why")
    now = clock.now()
    return {
        "figures": [
            Figure("日活跃成员", 40, "人", before=35, spark=_WAVE, why=ask),
            Figure("消息", 12_480, "条", before=14_205, spark=before, why=ask),
            Figure("退群率", 0.021, kind="percent", before=0.034, better="down", spark=[5, 4, 4.4, 3.9, 3.4, 2.8, 2.1], why=ask),
            Figure("首次回答用时", 1_860, kind="duration", before=1_500, better="down", why=ask),
            Figure("新成员", 120, "人", before=120, better="up", why=ask),
            Figure("满意度", None, why=ask, note="还没有问卷"),
        ],
        "lines": Chart(
            days,
            [Series("日活", _WAVE), Series("上一段", before, muted=True)],
            unit="人",
            bands=[(30, 60, "良好区间")],
            marks=[(days[17], "线下聚会")],
        ),
        "bars": Chart(
            days,
            [
                Series("加入", [value // 9 for value in _WAVE], kind="bar"),
                Series("离开", [-(value // 14) for value in _WAVE], kind="bar"),
            ],
            unit="人",
            stacked=True,
        ),
        "areas": Chart(
            days,
            [
                Series(name, [round(value * part + (at * k) % 4) for at, value in enumerate(_WAVE)], kind="area")
                for k, (name, part) in enumerate((("新成员", 0.2), ("回访", 0.5), ("回流", 0.12), ("常驻", 0.4)))
            ],
            unit="人",
            stacked=True,
        ),
        "ranks": Chart(
            ["器具", "豆子", "冲煮参数", "同城约杯", "拉花"],
            [Series("消息", [420, 377, 260, 141, 96], kind="bar")],
            unit="条",
            horizontal=True,
        ),
        "shares": Chart(days, [Series("互动率", [value / 180 for value in _WAVE])], percent=True),
        "nothing": Chart(days, [Series("日活", [None] * 28)]),
        "heat": Heat(
            ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
            [str(hour) for hour in range(24)],
            [[max(0, round((12 - abs(hour - 20)) * (1 + day % 3) - (6 if hour < 7 else 0))) for hour in range(24)] for day in range(7)],
            unit="条",
        ),
        "cohorts": Heat(
            ["2026-08", "2026-09", "2026-10", "2026-11"],
            [f"第 {week} 周" for week in range(6)],
            [
                [1, 0.52, 0.41, 0.38, 0.35, 0.33],
                [1, 0.55, 0.47, 0.41, 0.36, None],
                [1, 0.49, 0.4, None, None, None],
                [1, 0.61, None, None, None, None],
            ],
            percent=True,
            show_values=True,
            corner="加入于",
        ),
        "table": Table(_columns(), _people(), request.GET, sort="-messages", per_page=6),
        "period": asked(request.GET, zone="Asia/Shanghai"),
        "tabs": [
            Tab("全部", "#", True, 1_284),
            Tab("活跃", "#", count=318),
            Tab("沉默", "#", count=966),
            Tab("重复", "#", icon="git-merge"),
        ],
        "moments": [
            Moment(
                now - timedelta(minutes=12),
                "发送消息",
                "上次说的 V60 参数，我按 1:15 试了，确实更甜。",
                "message-circle",
                source="微信群 · 手冲新手",
            ),
            Moment(now - timedelta(hours=3), "报名活动「周六杯测」", icon="calendar-event", tone="accent"),
            Moment(now - timedelta(days=1, hours=2), "一条没人回答的问题", "磨豆机多久清一次？", "help-circle", "warn"),
            Moment(now - timedelta(days=1, hours=5), "加入社群", icon="user-plus", tone="good"),
        ],
        "progress": moving(0),
        "waiting": Progress("等待开始", 0, None, state="waiting"),
        "failed": Progress("wechat.csv 没有导入", 4_100, 12_000, "行", state="failed", note="第 4,101 行开始文件损坏"),
        "form": Sample(request.GET if "name" in request.GET else None),
        "names": _NAMES,
        "tiers": [("潜在", ""), ("观望", "info"), ("活跃", "good"), ("核心", "warn"), ("KOC", "accent")],
        "then": datetime(2026, 11, 2, 9, 30, tzinfo=now.tzinfo),
    }


def _days(count: int) -> list[str]:
    today = clock.today("Asia/Shanghai")
    return [f"{today - timedelta(days=count - 1 - at):%m-%d}" for at in range(count)]


def _people() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "messages": (at * 7919) % 1400 + 3,
            "share": ((at * 31) % 90) / 100,
            "seen": clock.today("Asia/Shanghai") - timedelta(days=at * 3),
            "wait": None if at == 4 else at * 340,
        }
        for at, name in enumerate(_NAMES)
    ]


def _columns() -> list[Column]:
    return [
        Column("name", "成员", template="console/style_member.html"),
        Column("messages", "消息", kind="number", unit="条", sort=True),
        Column("share", "互动率", kind="percent", sort=True, hint="有人回应的消息所占的比例"),
        Column("wait", "回答用时", kind="duration", sort=True, minor=True),
        Column("seen", "最近活跃", kind="date", sort=True),
    ]
