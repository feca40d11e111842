"""The sample community of a first start: the sandbox's world, through the same import as any other export."""

import tempfile
from datetime import timedelta
from pathlib import Path

from juluo.ground.communities.actions import found, position
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.adapters.sandbox.export import export
from juluo.record.connectors.adapters.sandbox.recipes import sample
from juluo.record.connectors.types import PersonKind
from juluo.record.imports.actions import hand_over, look, run
from juluo.record.people.actions import recognise
from juluo.record.people.models import Member
from juluo.record.profiles.actions import create_attribute, create_tag, ensure_tag, grant, recompute_text, write_note
from juluo.record.profiles.presets import PRESETS
from juluo.record.profiles.types import TagKind

NAME = "慢车咖啡（示例）"
ATTRIBUTES = ("gender", "age_band", "city", "source", "occupation")
INTERESTS = (
    ("手冲", 1, ("手冲", "V60", "滤杯", "萃取")),
    ("意式", 8, ("意式", "拉花", "奶泡", "半自动")),
    ("烘焙甜点", 2, ("可颂", "司康", "贝果", "巴斯克", "蛋挞")),
)
NOTES = ("线下约杯时主动照顾新人，问过能不能办一次杯测。", "提了两次想要低因豆单。", "最近换工作，说下个月会更忙。")
POSITIONING = {
    "purpose": "让买了慢车咖啡的人学会在家稳定出杯，并愿意留下来帮后来的人。一年后，每个问题一小时内都有人接。",
    "serves": "25–35 岁、刚买第一套器具、身边没有同好的上班族。",
    "value": "新豆先尝、冲煮赛打卡、同城约杯；器具与豆单的问题有人认真回答。",
    "price": "免费。下过单，或由老乘客带来，回答三个问题后入群。",
    "scope": "只聊咖啡、器具和日常，不接外部广告。六个群按话题分，订单走小程序。",
    "size": "1,200 人左右；闲聊群过 500 人就再分一节车厢。",
    "difference": "两位工作人员天天在群里；所有冲煮方案公开参数，可以照着复现。",
}


def load_sample() -> Community | None:
    """Found and fill the sample community if there is no community at all yet; None when there is one."""
    if Community.objects.exists():
        return None
    community = found(NAME, slug="sample", is_sample=True)
    position(community, POSITIONING)
    for preset in PRESETS:
        if preset.code in ATTRIBUTES:
            create_attribute(community, preset.code, preset.name, group=preset.group, kind=preset.kind, choices=preset.choices)
    with tempfile.TemporaryDirectory(prefix="juluo-sample-") as folder:
        file = export(sample(end=clock.today(community.zone) - timedelta(days=1)), Path(folder) / "sample.zip")
        imported = hand_over(community, file)
        look(imported)
        run(imported)
    recognise(community)
    _know(community)
    return community


def _know(community: Community) -> None:
    """A small tag tree and a few notes, as a team would have after some months."""
    interests = create_tag(community, "兴趣", about="按聊天里说到的词自动归类")
    for name, colour, words in INTERESTS:
        tag = create_tag(community, name, interests, kind=TagKind.TEXT, colour=colour, words=words, least=3, days=90)
        recompute_text(tag)
    people = Member.objects.filter(community=community, kind=PersonKind.PERSON, left_on=None)
    loud = list(people.order_by("-messages", "pk")[:12])
    grant(ensure_tag(community, "关系/老乘客"), [one.pk for one in loud], reason="来得早，说得多，常帮人")
    grant(ensure_tag(community, "关系/想办活动"), [one.pk for one in loud[2:6]], reason="私下聊过")
    for one, seen in zip(loud, NOTES, strict=False):
        write_note(community, seen, member=one)
    write_note(community, "周末的群明显比工作日安静，活动可以往周四晚上挪。")
