"""Which words are hot, which rise, which belong together."""

from hypothesis import given
from hypothesis import strategies as st

from juluo.insight.texts.measures import Said, expected, heat, ranked, rise, rising, surely, tie, topics, uses
from juluo.insight.texts.types import Use

A_USE = st.tuples(st.integers(1, 500), st.integers(0, 5_000)).map(lambda pair: Use(pair[0] + pair[1], pair[0]))


def said(*messages: tuple[int, str]) -> list[Said]:
    """Messages with ids 1, 2 …: who wrote them, and their terms."""
    return [Said(number, speaker, terms.split()) for number, (speaker, terms) in enumerate(messages, 1)]


# -- heat


def test_a_flooder_is_no_topic():
    window = said(*[(1, "代购")] * 500, (2, "露营"), (3, "露营"))

    assert [word.term for word in ranked(uses(window), speaking=3)] == ["露营"]


def test_a_thousand_messages_of_two_weigh_less_than_ten_people():
    assert heat(Use(1000, 2)) < heat(Use(10, 10))
    assert heat(Use(0, 0)) == 0.0


@given(A_USE)
def test_heat_grows_with_messages_and_more_with_people(use):
    one_more_message = heat(Use(use.messages + 1, use.speakers))
    one_more_person = heat(Use(use.messages + 1, use.speakers + 1))

    assert heat(use) < one_more_message < one_more_person


def test_a_word_is_counted_once_a_message():
    assert uses(said((1, "发票 发票 退款"), (2, "发票"))) == {"发票": Use(2, 2), "退款": Use(1, 1)}


def test_words_are_ranked_by_heat_then_by_alphabet():
    window = said((1, "b a c"), (2, "b a"), (3, "c"), (4, "c"))

    assert [word.term for word in ranked(uses(window), speaking=4)] == ["c", "a", "b"]


# -- rise


def test_what_is_as_usual_does_not_rise():
    before = [(100, {"退款": Use(30, 20)}), (100, {"退款": Use(30, 20)})]

    word = ranked({"退款": Use(30, 20)}, before, speaking=100)[0]

    assert word.rise == 0.0
    assert not word.is_new
    assert rising([word]) == []


def test_expectation_follows_how_many_people_speak():
    before = [(100, {"退款": Use(20, 10)}), (300, {"退款": Use(40, 30)})]

    assert expected("退款", before, 50) == 5.0
    assert expected("发票", before, 50) == 0.0
    assert expected("退款", [], 50) == 0.0
    assert expected("退款", [(0, {})], 50) == 0.0


def test_rise_is_the_information_component_with_its_lower_bound():
    # log2(20.5 / 5.5) = 1.898; 1.898 - 3.3 / sqrt(20.5) - 2 / 20.5 ** 1.5 = 1.148
    assert round(rise(20, 5), 3) == 1.898
    assert round(surely(20, 5), 3) == 1.148


def test_two_people_instead_of_one_is_no_burst_and_thirty_instead_of_three_is():
    assert surely(2, 1) < 0
    assert surely(30, 3) > 2


def test_new_words_that_many_say_rise_first():
    before = [(50, {"退款": Use(12, 10), "发票": Use(3, 3)})] * 4
    now = {"退款": Use(14, 11), "发票": Use(20, 16), "停服": Use(40, 25)}

    words = ranked(now, before, speaking=50)

    assert [word.term for word in rising(words)] == ["停服", "发票"]
    assert [word.is_new for word in words] == [True, False, False]


def test_without_earlier_windows_nothing_rises_and_nothing_is_new():
    words = ranked({"退款": Use(14, 11)}, speaking=20)

    assert (words[0].rise, words[0].is_new) == (0.0, False)


@given(st.integers(0, 500), st.floats(0, 500))
def test_the_sure_rise_is_never_above_the_rise(observed, usual):
    assert surely(observed, usual) < rise(observed, usual)


# -- spellings


def test_spellings_of_one_word_are_counted_under_the_commonest():
    now = {"nodejs": Use(9, 6), "node.js": Use(4, 3), "test": Use(8, 5), "testing": Use(6, 4), "string": Use(3, 3), "meeting": Use(3, 3)}

    counted = {word.term: word.use for word in ranked(now, speaking=20)}

    assert counted == {"nodejs": Use(13, 7), "test": Use(14, 7), "string": Use(3, 3), "meeting": Use(3, 3)}


# -- topics

CAMPING = [(1, "露营 帐篷"), (2, "露营 帐篷"), (3, "帐篷 露营 周边"), (4, "露营"), (5, "露营 帐篷")]
REFUND = [(6, "退款 订单"), (7, "退款 订单"), (8, "订单 退款"), (1, "退款")]
CHATTER = [
    (speaker, word) for speaker, word in enumerate(["天气", "电影", "作业", "地铁", "咖啡", "音乐", "跑步", "篮球", "早餐", "雨伞"], 20)
]


def test_words_that_appear_together_become_one_topic():
    window = said(*CAMPING, *REFUND, *CHATTER)

    found = topics(window, ranked(uses(window), speaking=20))

    assert [topic.label for topic in found] == ["露营 · 帐篷", "退款 · 订单"]
    assert found[0].terms == ("露营", "帐篷")
    assert found[0].use == Use(5, 5)
    assert found[1].use == Use(4, 4)


def test_examples_hold_most_of_the_words_and_come_from_different_people():
    window = said((1, "露营 帐篷"), (1, "露营 帐篷"), (2, "露营 帐篷"), (3, "露营"), *CHATTER)

    found = topics(window, ranked(uses(window), speaking=13))

    assert found[0].examples == (3, 2, 4)


def test_what_one_person_puts_together_is_not_put_together():
    window = said((1, "露营 代购"), (1, "露营 代购"), (1, "露营 代购"), (2, "露营"), (3, "露营"), (4, "代购"), (5, "代购"), *CHATTER)

    found = topics(window, ranked(uses(window), speaking=15))

    assert sorted(topic.label for topic in found) == ["代购", "露营"]


def test_a_word_within_another_is_named_by_the_longer():
    window = said(*[(speaker, "直播 直播间") for speaker in range(1, 6)], *CHATTER)

    assert topics(window, ranked(uses(window), speaking=15))[0].label == "直播间"


def test_a_word_is_in_one_topic_only():
    window = said(*CAMPING, *REFUND, (9, "露营 退款"), (10, "露营 退款"), *CHATTER)

    found = topics(window, ranked(uses(window), speaking=22))

    words = [term for topic in found for term in topic.terms]
    assert len(words) == len(set(words))


def test_words_tied_by_nothing_but_chance_stay_apart():
    assert tie(0, 5, 5, 100) == -1.0
    assert tie(1, 10, 10, 100) == 0.0
    assert 0.6 < tie(5, 5, 5, 100) < 1.0
    assert tie(5, 5, 5, 5) == 1.0


@given(st.lists(st.tuples(st.integers(1, 8), st.lists(st.sampled_from("甲乙丙丁戊己庚"), max_size=4).map(" ".join)), max_size=40))
def test_topics_never_count_more_people_than_spoke(messages):
    window = said(*messages)

    found = topics(window, ranked(uses(window), speaking=8))

    assert all(topic.use.speakers <= len({one.speaker for one in window}) for topic in found)
    assert all(2 <= topic.use.speakers <= topic.use.messages <= len(window) for topic in found)
    assert {one for topic in found for one in topic.examples} <= {one.id for one in window}
