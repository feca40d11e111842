"""What can go wrong with words and moods."""

from juluo.kit.errors import N_, JuluoError


class WordRefused(JuluoError):
    """Not a word one can count."""

    code = "word_refused"
    message = N_("「%(word)s」不能加入词典：请输入 1 到 40 个字，不含换行和标点。")


class SynonymLoop(JuluoError):
    """The two words would stand for each other."""

    code = "synonym_loop"
    message = N_("「%(word)s」和「%(same_as)s」不能互为同义词，请先删除原来的那一条。")


class MoodRefused(JuluoError):
    """Not a mood, or nothing to judge."""

    code = "mood_refused"
    message = N_("这条消息没有文字，无法标注情绪。")
