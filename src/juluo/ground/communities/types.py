"""The positioning canvas: what a community is for, on one page."""

from dataclasses import dataclass

from juluo.kit.errors import N_


@dataclass(frozen=True)
class Field:
    """One box of the canvas: its name, the question it answers, and an example of a good answer."""

    code: str
    title: str
    question: str
    example: str
    icon: str


CANVAS = (
    Field(
        "purpose",
        N_("目的"),
        N_("为什么要做这个社群？一年后怎样算做成了？"),
        N_("让手冲咖啡新手三个月内学会稳定出杯，并愿意留下来帮助后来的人。"),
        "target",
    ),
    Field(
        "serves", N_("服务谁"), N_("哪些人最需要它？他们现在卡在哪里？"), N_("25–35 岁、刚买第一套器具、身边没有同好的上班族。"), "users"
    ),
    Field(
        "value", N_("提供的价值"), N_("成员在这里得到什么别处得不到的东西？"), N_("每周一次直播答疑；器具与豆单实测；同城约杯。"), "gift"
    ),
    Field("price", N_("价格与门槛"), N_("收费还是免费？凭什么进来？"), N_("免费，填写三道问题后入群；进阶课 199 元/季。"), "tag"),
    Field(
        "scope",
        N_("范围"),
        N_("聊什么，不聊什么？在哪些平台？"),
        N_("只聊咖啡与器具；不接外部广告。微信群为主，知识沉淀在文档。"),
        "focus-2",
    ),
    Field("size", N_("规模"), N_("打算做到多少人？多大会变味？"), N_("核心群 200 人，普通群合计 2,000 人以内。"), "chart-bubble"),
    Field(
        "difference",
        N_("与众不同"),
        N_("别的同类社群很多，为什么选这里？"),
        N_("所有测评都公开参数，可复现；老成员带新成员有固定搭档。"),
        "sparkles",
    ),
)
CODES = tuple(field.code for field in CANVAS)
MAX_LENGTH = 600
