"""Texts that say alike, put together."""

from juluo.insight.texts.rules import clusters as module
from juluo.insight.texts.rules.clusters import clusters


def test_answers_that_say_alike_come_together_under_their_words():
    said = [
        "物流太慢了，等了一周",
        "物流慢，快递一直不到",
        "希望物流快一点",
        "豆子很新鲜",
        "豆子新鲜，香气足",
        "价格有点贵",
        "物流太慢了，等了一周",
    ]

    groups = clusters(said)

    assert sorted(place for group in groups for place in group.members) == list(range(len(said)))
    assert {0, 1, 2, 6} <= set(groups[0].members)
    assert "物流" in groups[0].terms
    assert any({3, 4} <= set(group.members) and "豆子" in group.terms for group in groups)


def test_the_same_answers_give_the_same_groups_and_few_or_strange_ones_do_no_harm():
    assert clusters([]) == []
    assert clusters(["好"])[0].members == (0,)
    assert [group.members for group in clusters(["。", "！", "？？"])]
    said = [f"第{n}条 {'物流' if n % 2 else '豆子'}" for n in range(40)]
    assert clusters(said) == clusters(said)


def test_more_texts_than_are_compared_join_whom_they_are_nearest_to(monkeypatch):
    monkeypatch.setattr(module, "MOST", 20)
    monkeypatch.setattr(module, "FEW_AT_ONCE", 7)
    about = ("快递三天没动静", "发票抬头怎么改", "磨豆机卡住了")
    said = [f"{about[n % 3]}，第{n}次" for n in range(90)]

    groups = [group for group in clusters(said) if not group.is_rest]

    assert sorted(place for group in clusters(said) for place in group.members) == list(range(90))
    assert [len(group.members) for group in groups] == [30, 30, 30]
    assert all({place % 3 for place in group.members} == {group.centre % 3} for group in groups)


def test_the_centre_is_the_text_most_like_its_group():
    said = ["物流太慢了等一周", "物流太慢了", "物流太慢了，豆子都放陈了也没人管真的无语", "豆子新鲜", "豆子很新鲜"]

    slow = next(group for group in clusters(said) if 0 in group.members)

    assert slow.centre == 1
