"""What can go wrong with the lake."""

from juluo.kit.errors import N_, JuluoError


class LakeBusy(JuluoError):
    """Another merge into the same community is running; trying again later succeeds."""

    code = "lake_busy"
    message = N_("这个社群正在写入另一批数据，请稍后再试。")
    status = 409


class LakeDamaged(JuluoError):
    """Sealed files are missing or unreadable; everything else still works."""

    code = "lake_damaged"
    message = N_(
        "历史数据缺了或坏了 %(count)s 个文件（%(names)s）。请停下聚落，用最近的备份恢复（juluo restore），然后运行 juluo doctor 确认。"
    )
    status = 500


class LakeTooSmall(JuluoError):
    """A question needed more memory than the lake may use."""

    code = "lake_too_small"
    message = N_("这次计算需要的内存超过了上限。请缩短日期范围再试，或调大设置 JULUO_LAKE_MEMORY。")
    status = 503


class LakeAway(JuluoError):
    """The ClickHouse server does not answer."""

    code = "lake_away"
    message = N_("连不上存放历史数据的 ClickHouse。请确认它在运行，并检查设置 JULUO_LAKE_URL。")
    status = 503


class LakeRefused(JuluoError):
    """The ClickHouse server does not let us in, or does not let us make tables."""

    code = "lake_refused"
    message = N_("ClickHouse 不接受设置 JULUO_LAKE_URL 里的用户名或密码，或者没有给这个用户建库建表的权限。请核对后重新启动聚落。")
    status = 503


class LakeSlow(JuluoError):
    """The ClickHouse server took too long to answer."""

    code = "lake_slow"
    message = N_("ClickHouse 迟迟没有回答，这一步没有完成。请稍后再试；一直这样的话，请看看那台机器是不是太忙，或内存不够。")
    status = 504
