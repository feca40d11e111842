"""Why a file or a row was not taken in."""

from juluo.kit.errors import N_, JuluoError


class FileRefused(JuluoError):
    """The whole pack cannot be read; nothing of it was kept."""

    code = "file_refused"
    message = N_("这个文件无法导入：%(why)s")
    status = 422


class FormatUnknown(FileRefused):
    """No reader recognises the pack."""

    code = "format_unknown"
    message = N_("没有认出这个文件的格式。支持的导出格式见「数据源 → 支持的格式」；表格文件可用列映射导入。")


# Reasons of a rejected row, in words for the import page.
# The one reason that is no fault of a row: the platform said something of its own. Such rows are counted, not rejected.
NOTICE = "notice"
REASONS: dict[str, str] = {
    "no_time": N_("这一行没有可识别的时间"),
    "bad_time": N_("时间不合法"),
    "future_time": N_("时间在未来"),
    "no_sender": N_("没有发送者"),
    "bad_json": N_("不是合法的 JSON"),
    "bad_row": N_("列数或内容与表头不符"),
    "bad_encoding": N_("有无法识别的字符编码"),
    "too_long": N_("这一行过长"),
    "unknown_member": N_("没有找到这位成员，或有几位同名"),
    "bad_value": N_("有的值不合属性的类型，其余的已收下"),
    "unknown_type": N_("不认识的记录类型"),
    NOTICE: N_("系统提示（置顶、通话、换头像等），不是消息"),
    "no_order": N_("没有订单号"),
    "no_member": N_("没有会员、手机号或姓名，不知道是谁下的单"),
    "no_amount": N_("金额为 0（赠品、测试单）"),
    "bad_amount": N_("金额读不出来"),
    "not_paid": N_("没有付款，或付款前就关闭了"),
    "unknown_status": N_("不认识的订单状态"),
    "other_currency": N_("是另一种货币，金额不能和其他订单相加"),
    "old_version": N_("同一条消息的旧版本，以新版本为准"),
}
