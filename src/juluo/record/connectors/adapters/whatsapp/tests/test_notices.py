"""What WhatsApp itself says, in seven languages."""

import pytest

from juluo.record.connectors.adapters.whatsapp.media import media_of, without_edit
from juluo.record.connectors.adapters.whatsapp.notices import is_gone, is_idle, is_secured, notice
from juluo.record.events.types import Kind

JOINED, LEFT, CREATED, RENAMED = Kind.MEMBER_JOINED, Kind.MEMBER_LEFT, Kind.CHANNEL_CREATED, Kind.CHANNEL_RENAMED


@pytest.mark.parametrize(
    ("text", "kind", "who", "by"),
    [
        ("小满 added 阿树", JOINED, ("阿树",), "小满"),
        ("小满 added 阿树, 甲 and 乙", JOINED, ("阿树", "甲", "乙"), "小满"),
        ("阿树 joined using this group's invite link", JOINED, ("阿树",), ""),
        ("阿树 joined from the community", JOINED, ("阿树",), ""),
        ("阿树 was added", JOINED, ("阿树",), ""),
        ("阿树 left", LEFT, ("阿树",), ""),
        ("小满 removed 阿树", LEFT, ("阿树",), "小满"),
        ("You removed 阿树", LEFT, ("阿树",), ""),
        ("小满添加了阿树", JOINED, ("阿树",), "小满"),
        ("小满将阿树、甲添加到群组", JOINED, ("阿树", "甲"), "小满"),
        ("小满 新增了 阿树", JOINED, ("阿树",), "小满"),
        ("阿树使用此群组的邀请链接加入了群组", JOINED, ("阿树",), ""),
        ("阿树 已透過群組邀請連結加入", JOINED, ("阿树",), ""),
        ("阿树加入了群组", JOINED, ("阿树",), ""),
        ("阿树退出了群组", LEFT, ("阿树",), ""),
        ("阿树 已離開", LEFT, ("阿树",), ""),
        ("小满移除了阿树", LEFT, ("阿树",), "小满"),
        ("您将阿树移出了群组", LEFT, ("阿树",), ""),
        ("小满 hat 阿树 hinzugefügt", JOINED, ("阿树",), "小满"),
        ("小满 hat 阿树 und 甲 hinzugefügt.", JOINED, ("阿树", "甲"), "小满"),
        ("阿树 ist dieser Gruppe über den Einladungslink beigetreten", JOINED, ("阿树",), ""),
        ("阿树 hat die Gruppe verlassen", LEFT, ("阿树",), ""),
        ("小满 hat 阿树 entfernt", LEFT, ("阿树",), "小满"),
        ("小满 añadió a 阿树", JOINED, ("阿树",), "小满"),
        ("小满 agregó a 阿树 y 甲", JOINED, ("阿树", "甲"), "小满"),
        ("阿树 se unió usando el enlace de invitación de este grupo", JOINED, ("阿树",), ""),
        ("阿树 salió del grupo", LEFT, ("阿树",), ""),
        ("小满 eliminó a 阿树", LEFT, ("阿树",), "小满"),
        ("小满 adicionou 阿树", JOINED, ("阿树",), "小满"),
        ("阿树 entrou usando o link de convite deste grupo", JOINED, ("阿树",), ""),
        ("阿树 saiu", LEFT, ("阿树",), ""),
        ("小满 removeu 阿树", LEFT, ("阿树",), "小满"),
        ("小满 a ajouté 阿树", JOINED, ("阿树",), "小满"),
        ("阿树 a quitté le groupe", LEFT, ("阿树",), ""),
        ("小满 ha aggiunto 阿树", JOINED, ("阿树",), "小满"),
        ("阿树 ha abbandonato il gruppo", LEFT, ("阿树",), ""),
    ],
)
def test_coming_and_going_is_understood(text: str, kind: Kind, who: tuple[str, ...], by: str) -> None:
    found = notice(text)

    assert found is not None
    assert (found.kind, found.who, found.by) == (kind, who, by)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ('小满 created group "读书会"', "小满"),
        ("小满创建了群组“读书会”", "小满"),
        ("你建立了群組「读书会」", ""),
        ("小满 hat die Gruppe „读书会“ erstellt", "小满"),
        ('小满 creó el grupo "读书会"', "小满"),
        ('Você criou o grupo "读书会"', ""),
    ],
)
def test_a_group_is_founded(text: str, by: str) -> None:
    found = notice(text)

    assert found is not None
    assert (found.kind, found.by, found.new) == (CREATED, by, "读书会")


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ('小满 changed the subject from "旧名" to "新名"', "旧名"),
        ('小满 changed the group name to "新名"', ""),
        ("小满将群组名称从“旧名”更改为“新名”", "旧名"),
        ("小满把主题改为“新名”", ""),
        ("小满 hat den Betreff von „旧名“ zu „新名“ geändert", "旧名"),
        ('小满 cambió el asunto de "旧名" a "新名"', "旧名"),
        ('小满 mudou o nome do grupo de "旧名" para "新名"', "旧名"),
    ],
)
def test_a_group_gets_a_new_name(text: str, old: str) -> None:
    found = notice(text)

    assert found is not None
    assert (found.kind, found.by, found.old, found.new) == (RENAMED, "小满", old, "新名")


@pytest.mark.parametrize(
    "text",
    [
        "Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
        "消息和通话已进行端到端加密。",
        "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
        "Los mensajes y las llamadas están cifrados de extremo a extremo.",
        "As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta.",
    ],
)
def test_the_word_on_encryption_is_nobodys(text: str) -> None:
    assert is_secured(text)
    assert is_idle(text)


@pytest.mark.parametrize(
    "text", ["小满 changed this group's icon", "Your security code with 小满 changed.", "小满更换了群组图标", "Missed voice call"]
)
def test_idle_notices_are_known(text: str) -> None:
    assert is_idle(text)
    assert notice(text) is None


def test_what_nobody_understands_is_neither() -> None:
    assert notice("阿树 liittyi ryhmään") is None
    assert not is_idle("阿树 liittyi ryhmään")


@pytest.mark.parametrize(
    "text", ["This message was deleted", "You deleted this message.", "此消息已删除", "你已刪除此訊息", "Mensagem apagada"]
)
def test_a_deleted_message_is_known(text: str) -> None:
    assert is_gone(text)


@pytest.mark.parametrize(
    ("text", "words", "media"),
    [
        ("<Media omitted>", "", "media"),
        ("<media omitted>", "", "media"),
        ("<省略多媒体文件>", "", "media"),
        ("<Medien ausgeschlossen>", "", "media"),
        ("<Multimedia omitido>", "", "media"),
        ("<Mídia oculta>", "", "media"),
        ("image omitted", "", "image"),
        ("sticker omitted", "", "sticker"),
        ("图片已忽略", "", "image"),
        ("IMG-20260301-WA0001.jpg (file attached)", "", "image"),
        ("IMG-20260301-WA0001.jpg (file attached)\n看这里", "看这里", "image"),
        ("PTT-20260301-WA0001.opus (文件附件)", "", "voice"),
        ("<attached: 00000001-PHOTO-2026-03-01.jpg>", "", "image"),
        ("<附件：合同.pdf>", "", "file"),
        ("就是图片", "就是图片", None),
    ],
)
def test_media_stand_ins_become_media(text: str, words: str, media: str | None) -> None:
    assert media_of(text) == (words, media)


def test_the_mark_of_an_edit_is_taken_off() -> None:
    assert without_edit("改好了 <This message was edited>") == ("改好了", True)
    assert without_edit("没改过") == ("没改过", False)
