"""How the writer of a message seems to feel."""

import csv
import lzma
from collections import Counter
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.insight.texts.rules import Cutter, bare, mood
from juluo.insight.texts.rules.moods import weight
from juluo.insight.texts.rules.words import _FILES, _sections
from juluo.insight.texts.types import Mood

SIGN = {"+": Mood.POSITIVE, "-": Mood.NEGATIVE, ".": Mood.NEUTRAL}


def _labelled() -> list[tuple[str, Mood]]:
    lines = resources.files("juluo.insight.texts.tests").joinpath("moods.txt").read_text("utf-8").splitlines()
    return [(line[2:], SIGN[line[0]]) for line in lines if not line.startswith("#")]


def test_moods_of_the_labelled_messages_are_found():
    wrong = [(text, said, mood(text)) for text, said in _labelled() if mood(text) != said]

    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("好用", Mood.POSITIVE),
        ("不好用", Mood.NEGATIVE),
        ("不是很满意", Mood.NEGATIVE),
        ("没有不满意", Mood.NEUTRAL),
        ("not good", Mood.NEGATIVE),
        ("not bad", Mood.NEUTRAL),
        ("very good", Mood.POSITIVE),
        ("不错，但是太贵，还难看", Mood.NEGATIVE),
    ],
)
def test_negations_turn_what_follows(text, expected):
    assert mood(text) == expected


def test_praise_that_is_asked_for_is_no_praise():
    assert mood("有什么好看的电影推荐吗？") == Mood.NEUTRAL
    assert mood("昨天的电影真好看") == Mood.POSITIVE


def test_one_word_in_a_long_explanation_does_not_decide():
    explained = (
        "先打开设置，然后选择网络，再点高级，把代理关掉，保存之后重启路由器，等两分钟，再连接一次，就能看到新的地址，"
        "名字漂亮的那个就是，最后输入密码登录后台，在左边的菜单里找到设备，点开详情，把名称改成自己记得住的"
    )

    assert mood("名字漂亮") == Mood.POSITIVE
    assert mood(explained) == Mood.NEUTRAL


def test_faces_count_in_every_form_they_come_in():
    assert mood("😭😭") == mood("[流泪]") == mood(":sob:") == mood(":(") == Mood.NEGATIVE
    assert mood("👍") == mood("[强]") == mood(":thumbsup:") == mood(":)") == Mood.POSITIVE


def test_code_and_quotations_have_no_mood():
    assert mood("`assert bad and terrible`") == Mood.NEUTRAL
    assert mood("> 垃圾软件，气死我了\n我看看") == Mood.NEUTRAL


@given(st.text(max_size=120))
def test_any_text_has_a_mood(text):
    assert mood(text) in (-1, 0, 1)


def test_a_word_weighs_one_thing_only():
    for name in _FILES:
        if name.startswith("mood"):
            weights = [(word, heading) for heading, word in _sections(name) if heading not in ("not", "more", "less")]
            twice = [word for word, times in Counter(word for word, _ in weights).items() if times > 1]
            assert twice == [], name


@pytest.mark.real
def test_reviews_are_told_apart_as_well_as_docs_say(real_data):
    with lzma.open(real_data / "text_zh/sentiment/waimai_10k.csv.xz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::6]
    cutter = Cutter()

    scores = [(weight(cutter.cut(bare(row["review"]))), row["label"] == "1") for row in rows]

    right = sum((score > 0) == good for score, good in scores if score) + sum(0.5 for score, _ in scores if not score)
    assert right / len(scores) > 0.78
