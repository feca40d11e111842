"""What an operator's corrections teach."""

from juluo.insight.texts.rules import Correction, Cutter, Lesson, bare, decided, features, learned, score
from juluo.insight.texts.types import Mood

# How one group of players talks, as an operator would correct it. No word of it is in the lists of the room.
TAUGHT = """
- 今天又坐牢了三个小时
- 这队友纯坐牢
- 打到一半开始坐牢
- 连输五把直接吃席
- 又要吃席咯
- 对面五个挂，吃席吧
- 他红温了
- 我有点红温
- 看直播看到红温
- 晚上别打了容易红温
- 被拷打了一整晚
- 新人一来就被拷打
- 老板又拷打我
- 这波白给
- 开局白给两个头
- 辅助又白给
- 排了十分钟，坐牢
- 今晚红温局
- 打野在那白给
- 被对面拷打得说不出话
+ 昨晚起飞
+ 这把直接起飞
+ 中路带我起飞
+ 拿捏了家人们
+ 这英雄被我拿捏
+ 今天手感拿捏
+ 一路上大分
+ 周末上大分
+ 跟着小满上大分
+ 躺赢一晚上
+ 又躺赢一把
+ 辅助位躺赢
+ 遥遥领先
+ 我方经济遥遥领先
. 今晚几点开
. 我先吃饭
. 队友呢
. 换个英雄
. 打野去下路
. 昨晚的直播有录屏
. 对面打野在上路
. 开一把
. 中路来人
. 老板在群里
"""
HELD_OUT = """
- 坐牢坐到天亮
- 感觉在坐牢
- 一晚上都在坐牢
- 准备吃席了
- 吃席，散了吧
- 阿树已经红温
- 红温下播
- 别红温
- 被人拷打两小时
- 天天挨拷打
- 上来就白给
- 别再白给了
+ 起飞了兄弟们
+ 下把继续起飞
+ 轻松拿捏
+ 拿捏得死死的
+ 冲，上大分
+ 三连胜上大分
+ 我就喜欢躺赢
+ 躺赢真香
+ 人头遥遥领先
. 今晚几点
. 打野在哪
. 换中路
. 昨晚没播
. 先去吃饭
. 老板还没来
. 开直播了
. 英雄选好了
. 再来一把
. 下路来人
"""
SIGN = {"+": Mood.POSITIVE, "-": Mood.NEGATIVE, ".": Mood.NEUTRAL}
CUTTER = Cutter()


def messages(block: str) -> list[tuple[str, Mood]]:
    return [(line[2:], SIGN[line[0]]) for line in block.strip().splitlines()]


def lesson(text: str, mood: Mood) -> Lesson:
    tokens = CUTTER.cut(bare(text))
    return Lesson(features(tokens), score(tokens), mood)


def accuracy(correction: Correction, block: str) -> float:
    right = 0
    for text, mood in messages(block):
        tokens = CUTTER.cut(bare(text))
        right += decided(score(tokens) + correction.of(features(tokens)), text) == mood
    return right / len(messages(block))


def test_forty_corrections_teach_the_words_of_a_group():
    correction = learned([lesson(text, mood) for text, mood in messages(TAUGHT)])

    before, after = accuracy(Correction(), HELD_OUT), accuracy(correction, HELD_OUT)

    assert 30 <= len(messages(TAUGHT)) <= 50
    assert before < 0.5
    assert after > 0.85


def test_corrections_leave_other_messages_alone():
    correction = learned([lesson(text, mood) for text, mood in messages(TAUGHT)])
    others = """
. 周五之前交作业
. 请看群公告
. 明天下午三点在会议室
. 文件放在网盘里了
+ 谢谢老师，讲得太好了
- 客服态度太差，气死我了
- the worst update ever
+ thanks a lot, great work
"""
    assert accuracy(correction, others) == 1.0


def test_the_order_of_corrections_does_not_matter():
    lessons = [lesson(text, mood) for text, mood in messages(TAUGHT)]

    assert learned(lessons) == learned(lessons[::-1])


def test_one_correction_says_nothing_about_other_messages():
    assert learned([lesson("这波白给", Mood.NEGATIVE)]) == Correction()
    assert learned([]) == Correction()


def test_a_neutral_correction_calms_a_word():
    lessons = [lesson(text, Mood.NEUTRAL) for text in ("垃圾分类今天几点", "垃圾分类的桶满了", "垃圾分类志愿者报名", "周六垃圾分类值班")]
    text = "垃圾分类的表格"

    tokens = CUTTER.cut(bare(text))

    assert decided(score(tokens), text) == Mood.NEGATIVE
    assert decided(score(tokens) + learned(lessons).of(features(tokens)), text) == Mood.NEUTRAL


def test_features_do_not_hold_the_text():
    found = features(CUTTER.cut(bare("小满的电话是多少")))

    assert all(isinstance(one, int) for one in found)
    assert list(found) == sorted(set(found))
