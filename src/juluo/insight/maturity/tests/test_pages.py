"""The pages of the evaluation, its workbook, its API, and what the documentation says of it."""

import io
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.ground.tokens.actions import issue
from juluo.insight.maturity.actions import evaluate, give, remark, settle
from juluo.insight.maturity.models import Evaluation, Scheme
from juluo.insight.maturity.queries import acts, judgement
from juluo.insight.maturity.registry import evidence
from juluo.insight.maturity.rules.indicators import DEFAULT_WEIGHTS, INDICATORS, LEVELS
from juluo.insight.maturity.types import State
from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.tests.village import held, village
from juluo.record.tasks.models import Task
from tests.cast import history, stranger, xiaoman

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[5] / "docs"


@pytest.fixture
def community(client):
    with held():
        made = village()
        assign(made)
        client.force_login(xiaoman(made))
        yield made


def body(client, url, status=200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def there(community, rest="") -> str:
    return f"/c/{community.slug}/maturity/{rest}"


def test_an_empty_community_is_told_what_to_do(client):
    empty = history(name="隔壁")
    client.force_login(xiaoman(empty))

    assert "还没有可以评价的月份" in body(client, there(empty))
    assert "还没有评价过" in body(client, there(empty, "history/"))
    assert client.post(there(empty, "new/"), {"period": "2026-06"}).status_code == 400


def test_the_first_evaluation_is_made_from_the_page(client, community):
    assert "2026 年 6 月" in body(client, there(community))

    answer = client.post(there(community, "new/"), {"period": "2026-06"})

    found = Evaluation.objects.get()
    assert answer.headers["Location"].endswith(there(community, f"{found.pk}/"))
    page = body(client, there(community))
    for one in INDICATORS:
        assert one.title in page
    assert "没有数据不等于 0 分" in page
    assert "改进计划" in page
    assert "/insight/why/participation/?range=custom&amp;from=2026-06-01&amp;to=2026-06-30" in page
    assert there(community, f"{found.pk}/structure/") in page


def test_the_sheet_of_an_indicator_tells_how_its_points_follow(client, community):
    found = evaluate(community, "2026-06")

    page = body(client, there(community, f"{found.pk}/structure/"))

    assert "5 人里有 2 人" in page
    assert "0% 得 0 分，2% 到 12% 得满分，40% 又是 0 分" in page
    assert "没有注明出处" in page
    assert client.get(there(community, f"{found.pk}/nothing/")).status_code == 404


def test_points_are_changed_with_a_reason_and_shown(client, community):
    found = evaluate(community, "2026-06")
    url = there(community, f"{found.pk}/activity/points/")

    refused = client.post(url, {"points": "80", "reason": ""})
    assert refused.status_code == 422
    assert "改分要写一句理由" in refused.content.decode()
    assert client.post(url, {"points": "180", "reason": "x"}).status_code == 422

    client.post(url, {"points": "80", "reason": "线下见得多"})
    assert "线下见得多" in body(client, there(community))
    client.post(url, {"forget": "1"})
    assert "线下见得多" not in body(client, there(community))


def test_remarks_are_written_and_removed_and_settling_ends_it(client, community):
    found = evaluate(community, "2026-06")
    client.post(there(community, f"{found.pk}/remarks/"), {"text": "三位说愿意带新人 <b>"})
    page = body(client, there(community))
    assert "三位说愿意带新人 &lt;b&gt;" in page
    client.post(there(community, f"{found.pk}/remarks/{found.remarks.get().pk}/drop/"))
    assert not found.remarks.exists()

    client.post(there(community, f"{found.pk}/settle/"))

    assert Evaluation.objects.get().state == State.SETTLED
    assert client.post(there(community, f"{found.pk}/remarks/"), {"text": "再来"}).status_code == 409
    assert client.post(there(community, f"{found.pk}/drop/")).status_code == 409
    assert "删除草稿" not in body(client, there(community))


def test_an_act_becomes_a_task_from_the_page(client, community):
    found = evaluate(community, "2026-06")
    first = acts(judgement(found))[0].evidence
    user = xiaoman(community)

    for _ in range(2):
        client.post(there(community, f"{found.pk}/acts/{first.code}/"), {"act1-owner": user.pk, "act1-due_on": "2026-07-20"})

    task = Task.objects.get()
    assert (task.title, str(task.due_on), task.owner) == (first.act.title, "2026-07-20", user)
    assert task.origin_url.endswith(there(community, f"{found.pk}/"))
    assert "已是任务" in body(client, there(community))
    assert client.post(there(community, f"{found.pk}/acts/nothing/")).status_code == 404


def test_roles_see_and_do_what_they_may(client, community):
    found = evaluate(community, "2026-06")
    deeds = {
        "new/": {"period": "2026-06"},
        f"{found.pk}/settle/": {},
        f"{found.pk}/drop/": {},
        f"{found.pk}/remarks/": {"text": "x"},
        f"{found.pk}/activity/points/": {"points": "1", "reason": "x"},
        f"{found.pk}/acts/participation/": {},
    }
    client.force_login(xiaoman(community, Role.VIEWER))
    assert body(client, there(community))
    assert body(client, there(community, "scheme/"))
    for rest, said in deeds.items():
        assert client.post(there(community, rest), said).status_code == 403, rest
    client.post(there(community, "scheme/"), {"default": "1"})

    client.force_login(xiaoman(community, Role.EDITOR))
    assert client.post(there(community, f"{found.pk}/remarks/"), {"text": "x"}).status_code == 302
    assert client.post(there(community, f"{found.pk}/activity/points/"), {"points": "1", "reason": "x"}).status_code == 403
    assert client.post(there(community, f"{found.pk}/drop/")).status_code == 403

    client.force_login(stranger())
    for rest in ("", "history/", "scheme/", f"{found.pk}/", f"{found.pk}/excel/", f"{found.pk}/print/"):
        assert client.get(there(community, rest)).status_code == 404, rest


def test_an_evaluation_of_another_community_is_not_there(client, community):
    other = village("隔壁")
    assign(other)
    found = evaluate(other, "2026-06")

    for rest in (f"{found.pk}/", f"{found.pk}/excel/", f"{found.pk}/activity/", f"compare/?a={found.pk}&b={found.pk}", "compare/?a=x&b=y"):
        assert client.get(there(community, rest)).status_code == 404, rest
    assert client.post(there(community, f"{found.pk}/settle/")).status_code == 404


def test_weights_and_anchors_are_edited_and_kept_only_when_they_add_up(client, community):
    page = body(client, there(community, "scheme/"))
    values = dict(re.findall(r'name="((?:weight|anchor)-[^"]+)"[^>]*value="([^"]*)"', page))
    values |= {name: value for value, name in re.findall(r'value="([^"]*)"[^>]*name="((?:weight|anchor)-[^"]+)"', page)}
    assert len([name for name in values if name.startswith("weight-")]) == 10

    off = client.post(there(community, "scheme/"), values | {"weight-activity": "20"})
    assert off.status_code == 422
    assert "现在是 106" in off.content.decode()
    flat = client.post(there(community, "scheme/"), values | {"anchor-participation-1": "3"})
    assert "两头不能一样" in flat.content.decode()
    assert not Scheme.objects.exists()

    client.post(there(community, "scheme/"), values | {"weight-activity": "20", "weight-service": "6", "anchor-participation-1": "20"})
    kept = Scheme.objects.get()
    assert kept.weights == DEFAULT_WEIGHTS | {"activity": 20, "service": 6}
    assert kept.anchors == {"participation": [3, 20]}

    client.post(there(community, "scheme/"), {"default": "1"})
    assert not Scheme.objects.exists()
    assert set(Entry.objects.filter(verb__startswith="maturity.scheme").values_list("verb", flat=True)) == {
        "maturity.scheme_set",
        "maturity.scheme_forgotten",
    }


def test_history_and_comparison_show_two_evaluations_beside_each_other(client, community):
    may, june = evaluate(community, "2026-05"), evaluate(community, "2026-06")
    settle(may)

    page = body(client, there(community, "history/"))
    assert "2026 年 5 月" in page
    assert "比一比" in page
    compared = body(client, there(community, f"compare/?a={june.pk}&b={may.pk}"))
    assert compared.index("2026 年 5 月") < compared.index("2026 年 6 月")
    assert "→" in compared
    assert "比 2026 年 5 月" in body(client, there(community, f"{june.pk}/"))
    assert client.get(there(community, "compare/")).headers["Location"] == there(community, "history/")


def test_the_workbook_opens_with_the_table_first_and_says_what_the_page_says(client, community):
    evaluate(community, "2026-05")
    found = evaluate(community, "2026-06")
    give(found, "activity", 80, reason="=线下见得多", by=xiaoman(community))
    remark(found, "=HYPERLINK(1)")
    told = judgement(Evaluation.objects.get(pk=found.pk))

    answer = client.get(there(community, f"{found.pk}/excel/"))

    assert "spreadsheetml" in answer.headers["Content-Type"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["评价表", "依据", "改进计划", "历次评价", "口径"]
    table = book.get_sheet_by_name("评价表").to_python()
    assert table[0][0] == f"{community.name} · 金字塔评价表 · 2026 年 6 月"
    head = next(at for at, row in enumerate(table) if row[0] == "评价指标")
    rows = {row[0]: row for row in table[head + 1 :]}
    for line in told.standing.lines:
        title = next(one.title for one in INDICATORS if one.code == line.code)
        assert rows[title][1] == line.weight
        assert rows[title][2] == ("" if line.points is None else round(line.points, 1))
    assert rows["合计"][3] == round(told.standing.score, 1)
    assert sum(row[3] for name, row in rows.items() if name != "合计" and isinstance(row[3], float)) == pytest.approx(
        rows["合计"][3], abs=0.5
    )
    assert "改分：=线下见得多" in rows["活跃"][5]
    assert any(row[0] == "评语：=HYPERLINK(1)" for row in table)
    assert len(book.get_sheet_by_name("依据").to_python()) == 1 + len(evidence)
    assert 3 <= len(book.get_sheet_by_name("改进计划").to_python()) - 1 <= 5
    assert [row[0] for row in book.get_sheet_by_name("历次评价").to_python()[1:]] == ["2026 年 5 月", "2026 年 6 月"]
    assert Entry.objects.filter(verb="maturity.exported").exists()


def test_the_paper_says_the_same_without_the_shell(client, community):
    found = evaluate(community, "2026-06")

    page = body(client, there(community, f"{found.pk}/print/"))

    assert "金字塔评价表" in page
    assert "改进计划" in page
    assert "jl-side" not in page
    assert "style=" not in page


def test_everything_is_said_in_english_too(client, community):
    found = evaluate(community, "2026-06")
    client.cookies["juluo_language"] = "en"
    for rest in (f"{found.pk}/", f"{found.pk}/structure/", f"{found.pk}/print/", "history/", "scheme/"):
        page = client.get(there(community, rest), headers={"Accept-Language": "en"}).content.decode()
        text = re.sub(
            r"<[^>]+>|山里来信|阿树|石头|青禾|老白|小雨|小满",
            "",
            re.sub(r"(?s)<(script|template)[^>]*>.*?</\1>|<option.*?</option>", "", page),
        )
        assert "Promotion rate" in page or rest not in (f"{found.pk}/", "scheme/")
        assert not re.findall(r"[\u4e00-\u9fff]{3,}", text.replace("中文", "").replace("简体", "")), rest


def test_the_api_reads_evaluations_and_writes_none(client, community):
    found = evaluate(community, "2026-06")
    give(found, "activity", 80, reason="线下见得多")
    key = {"HTTP_AUTHORIZATION": f"Bearer {issue(community, name='test', role=Role.VIEWER)[1]}"}
    root = f"/api/v1/communities/{community.slug}/maturity/"

    listed = client.get(root, **key).json()
    whole = client.get(f"{root}{found.pk}", **key).json()

    assert [(one["id"], one["period"], one["end"]) for one in listed] == [(found.pk, "2026-06", "2026-06-30")]
    assert whole["score"] == pytest.approx(judgement(Evaluation.objects.get(pk=found.pk)).standing.score)
    sides = {one["code"]: one for one in whole["indicators"]}
    assert (sides["activity"]["points"], sides["activity"]["is_own"], sides["activity"]["reason"]) == (80, True, "线下见得多")
    assert {one["code"] for side in whole["indicators"] for one in side["figures"]} == set(evidence.codes())
    assert 3 <= len(whole["plan"]) <= 5
    assert client.post(root, **key).status_code == 405
    assert Client().get(root).status_code == 401
    assert client.get(f"{root}999999", **key).status_code == 404


def test_the_tab_hangs_on_the_reports_and_marks_where_one_is(client, community):
    evaluate(community, "2026-06")

    page = body(client, there(community))

    assert re.search(r'jl-tab-active"[^>]*href="[^"]*/maturity/"', page)
    assert reverse("reports:list", args=[community.slug]) in page


def test_every_indicator_level_and_anchor_is_in_the_documentation():
    text = (DOCS / "maturity.md").read_text(encoding="utf-8")
    rows = {row.split("|")[1].strip().strip("`"): row for row in text.splitlines() if row.startswith("| `")}

    for one in INDICATORS:
        assert f"### {one.title}" in text, one.code
        assert f"`{one.code}`, weight {one.weight:g}" in text, one.code
    for level in LEVELS:
        assert f"| {level.number} | {level.title} | {level.least:g} |" in text
    for figure in evidence:
        assert figure.code in rows, figure.code
        assert " → ".join(f"{one:g}" for one in figure.anchors) in rows[figure.code], figure.code
    assert set(rows) == set(evidence.codes())


def test_a_long_history_is_counted_in_the_background_and_the_page_waits(client, community, monkeypatch):
    from juluo.insight.maturity.actions import count
    from juluo.insight.maturity.console import drafting

    monkeypatch.setattr(drafting, "AT_ONCE", -1)
    client.post(there(community, "new/"), {"period": "2026-06"})
    found = Evaluation.objects.get()

    assert found.state == State.COUNTING
    assert "正在评价 2026 年 6 月" in body(client, there(community))
    assert f"{found.pk}/progress/" in body(client, there(community, f"{found.pk}/progress/"))
    assert client.get(there(community, f"{found.pk}/excel/")).status_code == 409

    count(found)

    arrived = client.get(there(community, f"{found.pk}/progress/"))
    assert (arrived.status_code, arrived.headers["HX-Redirect"]) == (204, there(community, f"{found.pk}/"))
    assert "改进计划" in body(client, there(community))
