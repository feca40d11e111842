"""Attributes most communities want, offered on the page and never forced."""

from dataclasses import dataclass

from juluo.kit.errors import N_

from .types import Group, ValueKind


@dataclass(frozen=True)
class Preset:
    code: str
    name: str
    group: Group
    kind: ValueKind = ValueKind.TEXT
    choices: tuple[str, ...] = ()
    is_dynamic: bool = False
    unit: str = ""


PRESETS = (
    Preset("gender", N_("性别"), Group.POPULATION, ValueKind.CHOICE, (N_("女"), N_("男"), N_("其他"))),
    Preset(
        "age_band",
        N_("年龄段"),
        Group.POPULATION,
        ValueKind.CHOICE,
        (N_("18 岁以下"), N_("18–24 岁"), N_("25–34 岁"), N_("35–44 岁"), N_("45–54 岁"), N_("55 岁以上")),
    ),
    Preset("birthday", N_("生日"), Group.POPULATION, ValueKind.DATE),
    Preset("occupation", N_("职业"), Group.POPULATION),
    Preset("city", N_("城市"), Group.SPACE),
    Preset("timezone", N_("时区"), Group.SPACE),
    Preset("friends_here", N_("群里有熟人"), Group.SOCIAL, ValueKind.BOOLEAN),
    Preset("budget", N_("月均预算"), Group.SPENDING, ValueKind.NUMBER, unit=N_("元")),
    Preset("pay_by", N_("常用支付方式"), Group.FINANCE, is_dynamic=True),
    Preset("uses_at", N_("常用场景"), Group.SCENE, is_dynamic=True),
    Preset("watches", N_("常看的媒体"), Group.MEDIA, is_dynamic=True),
    Preset("source", N_("来源渠道"), Group.PATH),
)
