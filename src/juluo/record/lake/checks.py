"""What `juluo doctor` asks about the lake."""

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_
from juluo.kit.health import Finding, bad, ok

from .errors import LakeAway
from .queries import lake


def whole() -> Finding:
    """Whether every sealed part is there and readable."""
    try:
        damaged = [name for community in Community.objects.all() for name in lake().damaged(community.pk)]
    except LakeAway:
        return bad(N_("连不上存放历史数据的 ClickHouse"), N_("请确认它在运行，并检查设置 JULUO_LAKE_URL。"))
    if damaged:
        return bad(
            N_("历史数据缺了或坏了 %(count)s 个文件（%(names)s）"),
            N_("请停下聚落，用最近的备份恢复：juluo restore。恢复之前先把整个数据目录复制一份。"),
            count=len(damaged),
            names=", ".join(damaged[:3]),
        )
    return ok(N_("历史数据完好"))
