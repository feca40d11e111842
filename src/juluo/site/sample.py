"""The sample community of a first start: the sandbox's world, through the same import as any other export."""

import tempfile
from datetime import timedelta
from pathlib import Path

from juluo.ground.communities.actions import found, position
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.adapters.sandbox.export import export
from juluo.record.connectors.adapters.sandbox.recipes import sample
from juluo.record.imports.actions import hand_over, look, run

NAME = "慢车咖啡（示例）"
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
    with tempfile.TemporaryDirectory(prefix="juluo-sample-") as folder:
        file = export(sample(end=clock.today(community.zone) - timedelta(days=1)), Path(folder) / "sample.zip")
        imported = hand_over(community, file)
        look(imported)
        run(imported)
    return community
