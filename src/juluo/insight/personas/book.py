"""A persona as an Excel file: one sheet a block, each with what its columns mean."""

from collections.abc import Sequence

from django.utils.translation import gettext

from juluo.kit.excel import Column, Sheet

from .charts import marked
from .types import HABIT_NAMES, HABITS, Block, Persona


def sheets(told: Persona, *, name: str, against: str, sentences: Sequence[str]) -> list[Sheet]:
    """The sheets, the portrait first."""
    found = [_portrait(told, name, against, sentences)]
    attributes = [block for block in told.blocks if block.code.startswith("attr:")]
    others = [block for block in told.blocks if not block.code.startswith("attr:")]
    if attributes:
        found.append(_blocks(gettext("属性"), attributes))
    found += [_blocks(block.title, [block]) for block in others]
    if told.numbers:
        found.append(_numbers(told))
    found += [_habits(told), _heat(told), _terms(told)]
    if told.quotes:
        found.append(_quotes(told))
    if told.notes:
        columns = [Column(gettext("日期"), "date"), Column(gettext("成员")), Column(gettext("观察记录"), width=60)]
        found.append(Sheet(gettext("观察记录"), columns, [(one.day, one.name, one.text) for one in told.notes]))
    if told.heard:
        titles = (gettext("主题"), gettext("性质"))
        columns = [Column(gettext("日期"), "date"), Column(gettext("成员")), *(Column(title) for title in titles)]
        columns += [Column(gettext("发现"), width=60), Column(gettext("原话"), width=60)]
        rows = [(one.day, one.name, one.topic, gettext(one.theme), one.text, one.quote) for one in told.heard]
        found.append(Sheet(gettext("访谈"), columns, rows))
    return found


def _portrait(told: Persona, name: str, against: str, sentences: Sequence[str]) -> Sheet:
    rows: list[tuple[str, str]] = [
        (gettext("对象"), name),
        (gettext("对照"), against),
        (gettext("时间"), f"{told.start} – {told.end}"),
        *((gettext("画像"), one) for one in sentences),
        (gettext("人数"), str(told.size)),
        (gettext("对照人数"), str(told.others)),
        (gettext("倍数"), gettext("占比 ÷ 对照的占比。对照包含对象本身时，一样是 1 倍。")),
        (gettext("下限、上限"), gettext("倍数以 99% 的把握落在其间；不含 1 才算有差别。人太少时不写。")),
        (gettext("发言、时段、话题"), gettext("只数这段时间里的；属性、标签、层级、价值是现在的。")),
        (gettext("不含"), gettext("机器人、工作人员，以及要求删除个人信息的人。")),
    ]
    return Sheet(gettext("画像"), [Column(gettext("项目"), width=18), Column(gettext("内容"), width=90)], rows)


def _blocks(title: str, blocks: Sequence[Block]) -> Sheet:
    columns = [
        Column(gettext("项目")),
        Column(gettext("值")),
        Column(gettext("人数"), "number"),
        Column(gettext("占比"), "percent"),
        Column(gettext("对照人数"), "number"),
        Column(gettext("对照占比"), "percent"),
        Column(gettext("倍数"), "number"),
        Column(gettext("下限"), "number"),
        Column(gettext("上限"), "number"),
        Column(gettext("判断")),
    ]
    rows = [
        (
            block.title,
            line.title,
            line.lift.a,
            line.lift.share_a,
            line.lift.b,
            line.lift.share_b,
            line.lift.ratio,
            line.lift.low,
            line.lift.high,
            marked(line.lift.way),
        )
        for block in blocks
        for line in block.lines
    ]
    note = gettext("占比：在已知的人里占多少。") if not blocks[0].is_multiple else gettext("占比：在所有人里占多少；一个人可以有几项。")
    return Sheet(title, columns, rows, note)


def _numbers(told: Persona) -> Sheet:
    columns = [
        Column(gettext("属性")),
        Column(gettext("计量单位")),
        *(Column(title, "number") for title in (gettext("已知人数"), gettext("平均"), gettext("中位数"))),
        *(Column(title, "number") for title in (gettext("对照已知人数"), gettext("对照平均"), gettext("对照中位数"))),
    ]
    rows = [(one.title, one.unit, one.known_a, one.mean_a, one.median_a, one.known_b, one.mean_b, one.median_b) for one in told.numbers]
    return Sheet(gettext("数字属性"), columns, rows)


def _habits(told: Persona) -> Sheet:
    columns = [
        Column(gettext("习惯")),
        Column(gettext("占自己发言"), "percent"),
        Column(gettext("对照"), "percent"),
        Column(gettext("差别下限"), "percent"),
        Column(gettext("差别上限"), "percent"),
    ]
    rows = []
    for name in HABITS:
        a, b = told.means.get(name, (None, None))
        one = told.habits.get(name)
        rows.append((gettext(HABIT_NAMES[name]), a, b, one.low if one else None, one.high if one else None))
    return Sheet(gettext("说话习惯"), columns, rows, gettext("每个说过至少 3 条的人先算自己的占比，再取平均：说得多的人不会盖过别人。"))


def _heat(told: Persona) -> Sheet:
    days = [gettext("周一"), gettext("周二"), gettext("周三"), gettext("周四"), gettext("周五"), gettext("周六"), gettext("周日")]
    columns = [
        Column(gettext("时")),
        *(Column(day, "number") for day in days),
        *(Column(gettext("对照%(day)s") % {"day": day}, "number") for day in days),
    ]
    rows = (
        [
            (f"{hour}:00", *(told.heat[day][hour] for day in range(7)), *(told.heat_others[day][hour] for day in range(7)))
            for hour in range(24)
        ]
        if told.heat
        else []
    )
    return Sheet(gettext("时段"), columns, rows, gettext("这段时间里的消息条数。"))


def _terms(told: Persona) -> Sheet:
    counted = gettext("消息数") if told.is_one else gettext("人数")
    columns = [
        Column(gettext("话题")),
        Column(counted, "number"),
        Column(gettext("对照%(what)s") % {"what": counted}, "number"),
        Column(gettext("倍数"), "number"),
        Column(gettext("把握（z）"), "number"),
    ]
    rows = [(one.term, one.a, one.b, one.ratio, one.z) for one in told.terms]
    return Sheet(gettext("话题"), columns, rows, gettext("倍数：在所有话题里的占比之比，已按少数据向 1 收缩。z 大于 2.58 才列出。"))


def _quotes(told: Persona) -> Sheet:
    columns = [
        Column(gettext("日期"), "date"),
        Column(gettext("成员")),
        Column(gettext("群或频道")),
        Column(gettext("话题")),
        Column(gettext("原话"), width=60),
    ]
    rows = [(one.day, one.name, one.channel, gettext("、").join(one.terms), one.text) for one in told.quotes]
    return Sheet(gettext("原话"), columns, rows)
