"""What can go wrong with the lake."""

from juluo.kit.errors import N_, JuluoError


class LakeBusy(JuluoError):
    """Another merge into the same community is running; trying again later succeeds."""

    code = "lake_busy"
    message = N_("这个社群正在写入另一批数据，请稍后再试。")
    status = 409
