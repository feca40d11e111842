"""What a message is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.insight.texts.rules import Cutter, bare, picked, singular, terms
from juluo.insight.texts.rules.topical import MOST_TERMS
from juluo.insight.texts.rules.words import NOT_PLURAL, STOP, WEIGHTS, WORDS
from juluo.insight.texts.types import Dictionary


def read(text: str, **words: object) -> list[str]:
    dictionary = Dictionary(**words)
    cutter = Cutter(dictionary.keep | dictionary.stop | dictionary.same.keys())
    return picked(cutter.cut(bare(text)), dictionary)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今晚的直播带货怎么退款啊", ["直播带货", "退款"]),
        ("我们觉得这个大模型的提示词很有用", ["大模型", "提示词"]),
        ("周末一起去露营吗，带上帐篷", ["露营", "帐篷"]),
        ("How do I install the plugins for Docker?", ["install", "plugin", "docker"]),
        ("用 Python3 写的 API，部署在 Kubernetes 上", ["python3", "api", "部署", "kubernetes"]),
        ("好的收到，谢谢大家", []),
        ("ok thanks, got it", []),
        ("", []),
    ],
)
def test_terms_are_what_is_talked_about(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    "aside",
    [
        "https://example.org/退款?page=refund",
        "@退款小助手",
        "`refund(order)`",
        "```\nrefund = order.refund()\n```",
        "$refund = x^2$",
        "> 上面有人说退款",
        "小满@refund.example.org",
        ":refund:",
        "[退款]",
        "<@U2147483697>",
        "src/refund/models.py",
        "2,345.60",
    ],
)
def test_what_is_not_the_speakers_own_words_is_left_out(aside):
    assert terms(f"海报\n{aside}\n排版") == ["海报", "排版"]


def test_whom_a_line_is_addressed_to_is_no_topic():
    assert terms("ashu: the invoice arrived") == ["invoice"]


def test_a_message_has_at_most_twenty_terms_and_each_once():
    many = " ".join(f"plan{letter} plan{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")

    found = terms(many)

    assert len(found) == MOST_TERMS
    assert len(set(found)) == MOST_TERMS


def test_own_words_are_kept_whole():
    assert "小满杯" not in terms("小满杯什么时候开赛")
    assert "小满杯" in terms("小满杯什么时候开赛", own_words=["小满杯"])
    assert terms("升级到 Lean 4 之后", own_words=["lean 4"]) == ["升级", "lean 4"]
    assert "b站" in terms("发到 B站 了", own_words=["B站"])


def test_an_own_word_counts_even_where_the_lists_would_drop_it():
    assert terms("早安，大家") == []
    assert terms("早安，大家", own_words=["早安"]) == ["早安"]
    assert terms("thanks", own_words=["thanks"]) == ["thanks"]


def test_stopped_words_are_no_topics():
    assert terms("退款和发票", stop=["退款"]) == ["发票"]
    assert terms("refunds and invoices", stop=["refund"]) == ["invoice"]


def test_synonyms_count_as_one_word():
    words = {"keep": frozenset({"哔哩哔哩"}), "same": {"b站": "哔哩哔哩", "小破站": "哔哩哔哩"}}

    assert read("发到B站，小破站也行，哔哩哔哩", **words) == ["哔哩哔哩"]


@pytest.mark.parametrize(
    ("plural", "one"),
    [("plugins", "plugin"), ("classes", "class"), ("stories", "story"), ("boxes", "box"), ("matches", "match"), ("caches", "cache")]
    + [("analyses", "analysis"), ("member's", "member"), ("apps", "app")]
    + [(word, word) for word in ("class", "status", "analysis", "series", "pandas", "macos", "css", "news")],
)
def test_plurals_become_singular_and_other_words_stay(plural, one):
    assert singular(plural) == one


@given(st.text(max_size=200))
def test_reading_any_text_gives_short_lower_case_words(text):
    found = terms(text)

    assert all(word == word.lower() and len(word) > 1 for word in found)
    assert len(found) == len(set(found)) <= MOST_TERMS


@pytest.mark.parametrize("piece", ["`", "```", "$", "<@", "a-", "a.", "@", "http://", "：", "我", "a/", "[强", "\n>"])
def test_an_endless_message_is_read_like_its_beginning(piece):
    assert len(terms(piece * 50_000)) <= MOST_TERMS


def test_the_word_lists_hold_no_contradiction():
    assert not STOP & WORDS, "a word cannot be kept whole and stopped"
    assert all(word.endswith("s") or word == word.lower() for word in NOT_PLURAL)
    assert {-3, -2, -1, 0, 1, 2, 3} == set(WEIGHTS.values())
