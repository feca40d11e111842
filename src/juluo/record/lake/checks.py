"""What `juluo doctor` asks about the lake."""

from django.db import DatabaseError

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_
from juluo.kit.health import Finding, bad, ok, warn

from .errors import LakeAway, LakeRefused, LakeSlow
from .queries import lake


def whole() -> Finding:
    """Whether the engine answers, and every sealed part is there and readable."""
    try:
        communities = list(Community.objects.values_list("pk", flat=True))
        damaged = [name for number in communities or [0] for name in lake().damaged(number)]
    except DatabaseError:
        return warn(N_("要等数据库恢复才能检查。"), N_("请先处理数据库的问题，再运行一次 juluo doctor。"))
    except LakeAway:
        return bad(N_("连不上存放历史数据的 ClickHouse"), N_("请确认它在运行，并检查设置 JULUO_LAKE_URL。"))
    except LakeRefused:
        return bad(
            N_("ClickHouse 拒绝了我们的用户名或密码"),
            N_("请核对设置 JULUO_LAKE_URL 里的用户名与密码，并确认这个用户可以建库、建表、读写，然后重新启动聚落。"),
        )
    except LakeSlow:
        return bad(
            N_("ClickHouse 连得上，但迟迟没有回答"),
            N_("请看看那台机器是不是太忙、内存或磁盘不够，再确认设置 JULUO_LAKE_URL 里的是它的 HTTP 端口（一般是 8123）。"),
        )
    if damaged:
        return bad(
            N_("历史数据缺了或坏了 %(count)s 个文件（%(names)s）"),
            N_("请停下聚落，用最近的备份恢复：juluo restore。恢复之前先把整个数据目录复制一份。"),
            count=len(damaged),
            names=", ".join(damaged[:3]),
        )
    return ok(N_("历史数据完好"))
