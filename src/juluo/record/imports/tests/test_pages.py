"""数据源: the pages a file comes in by."""

import json

import pytest

from juluo.ground.accounts.types import Role
from juluo.record.imports.actions import hand_over, look, run
from juluo.record.imports.console import CHUNK
from juluo.record.imports.models import Import
from juluo.record.imports.types import State
from tests.cast import history, xiaoman

pytestmark = pytest.mark.django_db
CHAT = "2026/03/02, 09:30 - 阿树: 早\n2026/03/13, 09:31 - 小满: 早呀\n".encode()


@pytest.fixture
def community(client):
    community = history()
    client.force_login(xiaoman(community))
    return community


def at(community, rest=""):
    return f"/c/{community.slug}/sources/{rest}"


def begin(client, community, name, size):
    return client.post(at(community, "begin/"), json.dumps({"name": name, "size": size}), content_type="application/json")


def send(client, url, offset, piece):
    return client.post(url, piece, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)})


def test_the_page_offers_a_place_to_drop_files_and_names_the_formats(client, community):
    body = client.get(at(community)).content.decode()

    assert "data-drop" in body
    assert "WhatsApp" in body


def test_a_reader_sees_the_history_but_no_place_to_drop(client, community):
    client.force_login(xiaoman(community, Role.VIEWER))

    assert "data-drop" not in client.get(at(community)).content.decode()
    assert begin(client, community, "a.txt", 10).status_code == 403


def test_a_file_comes_in_piece_by_piece_and_is_queued(client, community):
    begun = begin(client, community, "WhatsApp Chat.txt", len(CHAT)).json()

    half = send(client, begun["url"], 0, CHAT[:30]).json()
    done = send(client, begun["url"], 30, CHAT[30:]).json()

    assert half == {"offset": 30}
    assert done["next"].startswith(at(community))
    assert Import.objects.get().state in (State.QUEUED, State.ASKING)


def test_a_file_larger_than_one_piece_comes_in_by_pieces_as_large_as_the_page_sends_them(client, community):
    text = CHAT + (CHAT[-1:] if CHAT.endswith(b"\n") else b"\n") * (CHUNK + 1_000 - len(CHAT))
    begun = begin(client, community, "WhatsApp Chat.txt", len(text)).json()

    first = send(client, begun["url"], 0, text[:CHUNK])
    done = send(client, begun["url"], CHUNK, text[CHUNK:])

    assert first.json() == {"offset": CHUNK}
    assert done.json()["next"].startswith(at(community))


def test_choosing_the_same_file_again_goes_on_where_it_stopped(client, community):
    begun = begin(client, community, "chat.txt", len(CHAT)).json()
    send(client, begun["url"], 0, CHAT[:30])

    again = begin(client, community, "chat.txt", len(CHAT)).json()

    assert again == {"offset": 30, "url": begun["url"]}
    assert Import.objects.count() == 1


def test_a_wrong_file_is_refused_in_words_and_shown_as_such(client, community):
    noise = bytes(range(256)) * 4
    begun = begin(client, community, "noise.bin", len(noise)).json()

    answer = send(client, begun["url"], 0, noise)
    shown = client.get(at(community, f"{Import.objects.get().pk}/")).content.decode()

    assert answer.status_code == 422
    assert "没有认出" in answer.json()["title"]
    assert "没有认出" in shown


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"name": 1}', '{"name": "a", "size": "many"}', "not json"])
def test_a_senseless_announcement_is_refused_politely(client, community, body):
    answer = client.post(at(community, "begin/"), body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["title"]


def test_a_table_is_asked_about_with_a_preview(client, community, tmp_path):
    file = tmp_path / "群聊.csv"
    file.write_text("甲,乙,丙\n2026-03-02 09:30,阿树,早\n2026-03-02 09:31,小满,<b>早呀</b>\n", encoding="utf-8")
    imported = hand_over(community, file)
    plan = look(imported)
    code = next(q.code for q in plan.questions if q.kind == "columns")
    zone = {q.code: "Asia/Shanghai" for q in plan.questions if q.kind == "zone"}
    said = {f"{code}-time": "甲", f"{code}-sender": "乙", f"{code}-text": "丙"} | zone

    form = client.get(at(community, f"{imported.pk}/questions/")).content.decode()
    preview = client.post(at(community, f"{imported.pk}/preview/"), said).content.decode()
    answer = client.post(at(community, f"{imported.pk}/questions/"), said)

    assert f"{code}-time" in form
    assert "阿树" in preview
    assert "<b>" not in preview
    assert answer.status_code == 302
    assert Import.objects.get(pk=imported.pk).state == State.QUEUED


def test_a_finished_import_tells_what_came_of_it(client, community, tmp_path):
    file = tmp_path / "WhatsApp Chat.txt"
    file.write_bytes(CHAT + b"not a line of a chat at all\n")
    imported = hand_over(community, file)
    look(imported)
    run(imported)

    body = client.get(at(community, f"{imported.pk}/")).content.decode()

    assert "2026-03-02" in body
    assert client.get(at(community)).status_code == 200


def test_progress_alone_reloads_the_page_when_there_is_nothing_to_wait_for(client, community, tmp_path):
    file = tmp_path / "WhatsApp Chat.txt"
    file.write_bytes(CHAT)
    imported = hand_over(community, file)
    look(imported)
    waiting = client.get(at(community, f"{imported.pk}/progress/"))
    run(imported)
    over = client.get(at(community, f"{imported.pk}/progress/"))

    assert "HX-Refresh" not in waiting.headers
    assert over.headers["HX-Refresh"] == "true"


def test_an_import_of_another_community_is_not_there(client, community, tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(CHAT)
    other = hand_over(history(name="隔壁"), file)

    assert client.get(at(community, f"{other.pk}/")).status_code == 404
