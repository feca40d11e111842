"""Candidates with their evidence, one of them, the path, the comparison: what operators see and do."""

import datetime as dt

import pytest

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.insight.koc.actions import count, move
from juluo.insight.koc.models import Journey, Move, Pick, Tuning, Unsuited
from juluo.insight.koc.queries import candidates
from juluo.insight.koc.types import Stage
from juluo.insight.segments.queries import members
from juluo.insight.tiers.models import Standing
from juluo.record.people.actions import merge, part
from juluo.record.people.models import Member, Merge
from juluo.record.profiles.actions import ensure_tag, grant
from juluo.record.tasks.models import Task
from tests.cast import history, stranger, xiaoman

from .square import held, member, settled, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(client):
    with held():
        made = settled(square())
        count(made)
        client.force_login(xiaoman(made))
        yield made


def body(client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def at(community, end: str = "") -> str:
    return f"/c/{community.slug}/koc/{end}"


def names(community, **how) -> list[str]:
    known = dict(Member.objects.values_list("pk", "name"))
    return [known[row["member"]] for row in candidates(community, **how)]


def test_who_helps_comes_before_who_only_talks_and_the_list_says_why(client, community):
    page = body(client, at(community))

    assert names(community)[0] == "青禾"
    assert page.index("青禾") < page.index("石头")
    assert "接住了 2 位新人" in page
    assert "替 2 人答了 14 个问题，8 次得到感谢，14 次之后对方没再问" in page


def test_the_team_and_bots_are_no_candidates(community):
    assert not {"小满", "报站"} & set(names(community, floor=None, hidden=True))


def test_candidates_come_from_the_tier_the_operator_says(client, community):
    assert "小雨" not in body(client, at(community))
    assert "小雨" in body(client, at(community, "?floor=potential"))


def test_the_list_is_narrowed_by_strength_and_weeks(client, community):
    assert names(community, group="newcomers") == ["青禾"]
    assert "小雨" not in body(client, at(community, "?floor=potential&weeks=12"))
    assert "青禾" in body(client, at(community, "?floor=potential&weeks=12&group=help"))
    assert "青禾" in body(client, at(community, "?weeks=nonsense&group=nonsense&floor=nonsense"))


def test_the_list_goes_to_excel_for_those_who_may_and_is_noted(client, community):
    assert client.get(at(community, "?export=xlsx"))["Content-Type"].startswith("application/vnd.openxml")
    assert Entry.objects.filter(verb="koc.exported").count() == 1

    client.force_login(xiaoman(community, Role.VIEWER))
    assert client.get(at(community, "?export=xlsx"))["Content-Type"].startswith("text/html")


def test_a_candidates_page_quotes_question_answer_and_thanks(client, community):
    page = body(client, at(community, f"{member(community, '青禾').pk}/"))

    assert "这个怎么弄？" in page
    assert "先拧开再倒" in page
    assert "谢谢，真好！" in page
    assert "得到感谢" in page
    assert "老白" in page


def test_a_quote_leads_to_the_talk_around_it(client, community):
    who = member(community, "青禾")
    page = body(client, at(community, f"{who.pk}/"))
    link = page.split(f"/koc/{who.pk}/talk/")[1].split('"')[0]

    talk = body(client, at(community, f"{who.pk}/talk/{link}"))

    assert "请问几点开门？" in talk
    assert "十点" in talk
    assert "先拧开再倒" not in talk
    assert client.get(at(community, f"{who.pk}/talk/12345/")).status_code == 404
    assert client.get(at(community, f"{who.pk}/talk/nonsense/")).status_code == 404


def test_who_did_not_speak_lately_has_a_page_that_says_so(client, community):
    quiet = Member.objects.create(community=community, name="阿默", created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    assert "这段时间没有证据" in body(client, at(community, f"{quiet.pk}/"))


def test_watching_and_inviting_put_somebody_on_the_path_with_a_next_step(client, community):
    who = member(community, "青禾")

    client.post(at(community, f"{who.pk}/move/"), {"stage": "found"})
    client.post(at(community, f"{who.pk}/move/"), {"stage": "contact", "because": "一直在答疑"})

    journey = Journey.objects.get(member=who)
    assert (journey.stage, journey.due_on) == ("contact", dt.date(2026, 7, 8))
    assert [(one.before, one.after, one.because) for one in Move.objects.order_by("pk")] == [
        ("", "found", ""),
        ("found", "contact", "一直在答疑"),
    ]
    assert Entry.objects.filter(verb__in=("koc.started", "koc.moved")).count() == 2
    page = body(client, at(community, "path/"))
    assert "青禾" in page
    assert "私下聊一次" in page


def test_pressing_twice_moves_once(client, community):
    who = member(community, "青禾")
    for _ in range(2):
        client.post(at(community, f"{who.pk}/move/"), {"stage": "trial"})

    assert Move.objects.count() == 1


def test_the_last_stage_confirms_a_core_member_as_koc_and_going_back_releases_them(client, community):
    who = member(community, "青禾")
    assert Standing.objects.get(member=who).tier == 3

    client.post(at(community, f"{who.pk}/move/"), {"stage": "koc"})
    assert Standing.objects.get(member=who).tier == 4

    client.post(at(community, f"{who.pk}/leave/"))
    assert Standing.objects.get(member=who).tier == 3
    assert not Journey.objects.exists()


def test_who_is_not_core_cannot_be_confirmed_and_stays_where_they_are(client, community):
    who = member(community, "小雨")
    client.post(at(community, f"{who.pk}/move/"), {"stage": "cocreate"})

    answer = client.post(at(community, f"{who.pk}/move/"), {"stage": "koc"})

    assert "还不是核心层" in answer.content.decode()
    assert Journey.objects.get(member=who).stage == "cocreate"
    assert Move.objects.count() == 1


def test_the_team_and_bots_do_not_walk_the_path(client, community):
    answer = client.post(at(community, f"{member(community, '小满').pk}/move/"), {"stage": "found"})

    assert "不进 KOC 的成长路径" in answer.content.decode()
    assert not Journey.objects.exists()


def test_the_next_step_can_be_changed_and_a_late_one_is_shown(client, community):
    who = member(community, "青禾")
    client.post(at(community, f"{who.pk}/move/"), {"stage": "contact"})
    client.post(at(community, f"{who.pk}/next/"), {"next_step": "寄一包豆子", "due_on": "2026-06-20"})

    page = body(client, at(community, "path/"))
    assert "寄一包豆子" in page
    assert "到期了" in page
    assert client.post(at(community, f"{who.pk}/next/"), {"due_on": "哪天"}).status_code == 422


def test_who_does_not_suit_is_not_shown_for_a_while_and_the_reason_stays(client, community):
    who = member(community, "青禾")
    assert client.post(at(community, f"{who.pk}/unsuited/"), {"because": ""}).status_code == 422

    client.post(at(community, f"{who.pk}/unsuited/"), {"because": "同行的人"})

    assert "青禾" not in names(community)
    assert "同行的人" in body(client, at(community, f"{who.pk}/"))
    assert "同行的人" in body(client, at(community, "tuning/"))
    client.post(at(community, f"{who.pk}/suited/"))
    assert "青禾" in names(community)
    assert not Unsuited.objects.exists()


def test_a_candidate_becomes_a_task_once(client, community):
    who = member(community, "青禾")
    for _ in range(2):
        client.post(at(community, f"{who.pk}/task/"))

    task = Task.objects.get()
    assert "青禾" in task.title
    assert task.member == who
    assert "新人" in task.note


def test_weights_count_at_once(client, community):
    said = {"weight_influence": 0, "weight_newcomers": 0, "weight_help": 0, "weight_steady": 0, "weight_mood": 100}
    said |= {"days": 90, "floor": 2, "hidden_days": 30, "what": "weights"}

    assert client.post(at(community, "tuning/"), said | {"weight_mood": 0}).status_code == 422
    client.post(at(community, "tuning/"), said)

    assert Tuning.objects.get().weights["mood"] == 100
    scores = {row["member"]: row["score"] for row in candidates(community)}
    moods = {row["member"]: row["p_mood"] for row in candidates(community)}
    assert sorted(scores, key=lambda one: scores[one]) == sorted(moods, key=lambda one: (moods[one], scores[one]))


def test_stages_have_names_and_benefits_of_ones_own(client, community):
    who = member(community, "青禾")
    client.post(at(community, f"{who.pk}/move/"), {"stage": "trial"})
    said = {"what": "trial", "trial-name": "见习车长", "trial-benefits": "新豆先喝", "trial-next_step": "值一次班", "trial-days": 10}

    client.post(at(community, "tuning/"), said)

    page = body(client, at(community, "path/"))
    assert "见习车长" in page
    assert "新豆先喝" in page


def test_picks_by_hand_are_held_against_the_score(client, community):
    client.post(at(community, "compare/picks/"), {"names": "青禾\n小雨\n没有这个人"})
    assert set(Pick.objects.values_list("member__name", flat=True)) == {"青禾", "小雨"}

    page = body(client, at(community, "compare/?by=hand&k=1"))

    assert "100.0%" in page  # the first of the score is a pick
    assert "50.0%" in page  # one of two picks is found
    assert "漏掉的" in page
    assert "还没有回答过问题" in page  # why 小雨 is not found


def test_picks_by_a_tag_and_by_the_tiers_are_held_against_the_score_too(client, community):
    tag = ensure_tag(community, "热心人")
    grant(tag, [member(community, "青禾").pk])

    assert "两边都选中" in body(client, at(community, f"compare/?by=tag&tag={tag.pk}"))
    assert "现在还没有 KOC" in body(client, at(community, "compare/?by=tiers"))
    move(member(community, "青禾"), Stage.KOC)
    assert "两边都选中" in body(client, at(community, "compare/"))


def test_a_members_page_says_what_speaks_for_them(client, community):
    page = body(client, f"/c/{community.slug}/members/{member(community, '青禾').pk}/")

    assert "KOC 潜力" in page
    assert "接住了 2 位新人" in page


def test_the_list_of_members_is_narrowed_by_stage(client, community):
    move(member(community, "青禾"), Stage.TRIAL)

    assert "青禾" in body(client, f"/c/{community.slug}/members/?koc=trial")
    assert "石头" not in body(client, f"/c/{community.slug}/members/?koc=trial")


def test_segments_may_speak_of_evidence_and_stage(community):
    move(member(community, "青禾"), Stage.TRIAL)

    def who(text: str) -> set[str]:
        return set(Member.objects.filter(pk__in=members(community, text).to_pylist()).values_list("name", flat=True))

    assert who("koc_score >= 99") == {"青禾"}
    assert who("koc_stage = trial") == {"青禾"}
    assert who("koc_stage >= contact") == {"青禾"}
    assert who("koc_stage = koc") == set()


def test_programs_read_candidates_one_member_and_the_path(client, community):
    move(member(community, "青禾"), Stage.TRIAL)
    root = f"/api/v1/communities/{community.slug}/koc"

    first = client.get(f"{root}/candidates?limit=1").json()[0]

    assert (first["name"], first["stage"], first["answers"]) == ("青禾", "trial", 14)
    assert {one["group"] for one in first["evidence"]} == {"influence", "newcomers", "help", "steady", "mood"}
    assert client.get(f"{root}/members/{first['member']}").json()["thanked"] == 8
    assert client.get(f"{root}/members/1").status_code == 404
    assert client.get(f"{root}/path").json()[0]["stage"] == "trial"


def test_viewers_see_and_do_nothing_and_strangers_see_nothing(client, community):
    who = member(community, "青禾")
    client.force_login(xiaoman(community, Role.VIEWER))
    assert "邀请成为 KOC" not in body(client, at(community, f"{who.pk}/"))
    for end in ("move/", "leave/", "next/", "unsuited/", "suited/", "pick/", "task/"):
        assert client.post(at(community, f"{who.pk}/{end}"), {"stage": "found", "because": "没"}).status_code == 403
    assert client.get(at(community, "tuning/")).status_code == 403

    client.force_login(stranger())
    for end in ("", f"{who.pk}/", "path/", "compare/"):
        assert client.get(at(community, end)).status_code == 404
    assert not Journey.objects.exists()


def test_members_of_another_community_are_not_met(client, community):
    other = square("隔壁")

    assert client.get(at(community, f"{member(other, '青禾').pk}/")).status_code == 404
    assert client.post(at(community, f"{member(other, '青禾').pk}/move/"), {"stage": "found"}).status_code == 404


def test_an_empty_community_is_told_what_to_do(client):
    empty = history(name="空地")
    client.force_login(xiaoman(empty))

    assert "还没有可以看的数据" in body(client, at(empty))
    assert "路径上还没有人" in body(client, at(empty, "path/"))
    assert "还没有可以看的数据" in body(client, at(empty, "compare/"))
    assert client.get(f"/api/v1/communities/{empty.slug}/koc/candidates").json() == []


def test_merged_members_walk_on_as_one_and_part_again(community):
    into, other = member(community, "石头"), member(community, "青禾")
    move(other, Stage.TRIAL)

    merge(into, other)
    assert Journey.objects.get().member == into
    assert Move.objects.get().member == into

    part(Merge.objects.get())
    assert Journey.objects.get().member.name == "青禾"
