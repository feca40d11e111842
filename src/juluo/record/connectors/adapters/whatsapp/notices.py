"""What WhatsApp itself says in a chat: who came, left, was added; in the languages our operators' phones speak."""

import re
from typing import NamedTuple

from juluo.record.connectors.rules.names import clean
from juluo.record.events.types import Kind


class Notice(NamedTuple):
    """A notice that means something: who it happened to, who did it, and the new name or number."""

    kind: Kind
    who: tuple[str, ...]
    by: str = ""
    old: str = ""
    new: str = ""
    was_removed: bool = False


_Q = "[\"“”„«»「」『』'‘’]"
_N = "(.{1,100}?)"
_L = "(.{1,900}?)"  # one or many
_NAMED = rf"{_Q}(.{{1,200}}?){_Q}"


def _all(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(rf"{pattern}[.。]?$", re.I) for pattern in patterns]


# In each pattern the first group is who acted, the second whom or what it was about.
_CREATED = _all(
    rf"{_N} created (?:this )?(?:group|community) {_NAMED}",
    rf"{_N}\s?(?:已)?(?:创建|建立|創建)了?(?:此|该|本)?(?:群组|群組|群聊|群|社群|社区)\s?{_NAMED}",
    rf"{_N} hat die Gruppe {_NAMED} erstellt",
    rf"{_N} (?:creó|ha creado) (?:el|este) grupo {_NAMED}",
    rf"{_N} criou (?:o|este) grupo {_NAMED}",
    rf"{_N} a créé le groupe {_NAMED}",
    rf"{_N} ha creato il gruppo {_NAMED}",
)
_ADDED = _all(
    rf"{_N} added {_L}",
    rf"{_N}\s?(?:将|將|把)\s?{_L}\s?(?:添加|加)(?:到|入|进)了?(?:群组|群組|群聊|群|本群)?",
    rf"{_N}\s?(?:已)?(?:添加|新增|(?:邀请|邀請)(?!链接|连结|連結))了?\s?{_L}(?:加入.{{0,6}})?",
    rf"{_N} hat {_L} hinzugefügt",
    rf"{_N} (?:añadió|agregó|ha añadido) a {_L}",
    rf"{_N} adicionou {_L}",
    rf"{_N} a ajouté {_L}",
    rf"{_N} ha aggiunto {_L}",
)
_CAME = _all(
    rf"{_N} (?:was|were) added",
    rf"{_N} joined(?: (?:using|via|from|with|through) .{{1,80}}| the group| this group)?",
    rf"{_N}\s?(?:已)?(?:通过|使用|透過|經由|经由).{{0,20}}(?:邀请|邀請|连结|連結|链接).{{0,20}}(?:加入|进入).{{0,10}}",
    rf"{_N}\s?(?:已)?加入(?:了)?(?:群组|群組|群聊|本群|群)?",
    rf"{_N} wurde hinzugefügt",
    rf"{_N} ist .{{0,80}}beigetreten",
    rf"{_N} se unió.{{0,80}}",
    rf"{_N} entrou.{{0,80}}",
    rf"{_N} a rejoint le groupe.{{0,80}}",
    rf"{_N} si è unito.{{0,80}}",
)
_WENT = _all(
    rf"{_N} left(?: the group| this group)?",
    rf"{_N} was removed",
    rf"{_N}\s?(?:已)?(?:退出|离开|離開)了?(?:群组|群組|群聊|本群|群)?了?",
    rf"{_N} hat die Gruppe verlassen",
    rf"{_N} wurde entfernt",
    rf"{_N} (?:salió|ha salido)(?: del grupo)?",
    rf"{_N} saiu(?: do grupo)?",
    rf"{_N} (?:a quitté|est parti).{{0,40}}",
    rf"{_N} (?:ha abbandonato|è uscito).{{0,40}}",
)
_REMOVED = _all(
    rf"{_N} removed {_L}",
    rf"{_N}\s?(?:将|將|把)\s?{_L}\s?移(?:出|除)了?(?:群组|群組|群聊|本群|群)?",
    rf"{_N}\s?(?:已)?(?:移除|移出)了?\s?{_L}",
    rf"{_N} hat {_L} entfernt",
    rf"{_N} (?:eliminó|sacó|quitó|ha eliminado) a {_L}",
    rf"{_N} removeu {_L}",
    rf"{_N} a (?:retiré|supprimé|exclu) {_L}",
    rf"{_N} ha rimosso {_L}",
)
_PUSHED = re.compile(r" was removed| wurde entfernt")
# who, [old,] new
_RETITLED = _all(
    rf"{_N} changed the (?:subject|group name)(?: from {_NAMED})? to {_NAMED}",
    rf"{_N}\s?(?:已)?(?:将|將|把)?\s?(?:群组|群組|群聊|群|主题|主題|标题).{{0,4}}?(?:名称|名稱|主题|主題|名)?(?:\s?从\s?{_NAMED}|\s?由\s?{_NAMED})?\s?"
    rf"(?:更改|更换|修改|变更|變更|改|设置|設定)(?:为|成|為)\s?{_NAMED}",
    rf"{_N} hat (?:den Betreff|den Gruppennamen|den Namen der Gruppe)(?: von {_NAMED})? (?:zu|in) {_NAMED} geändert",
    rf"{_N} cambió (?:el asunto|el nombre)(?: del grupo)?(?: de {_NAMED})? (?:a|por) {_NAMED}",
    rf"{_N} (?:mudou|alterou) o (?:nome|assunto)(?: do grupo)?(?: de {_NAMED})? para {_NAMED}",
    rf"{_N} a (?:changé|modifié) (?:le sujet|le nom)(?: du groupe)?(?: de {_NAMED})? (?:en|à|par) {_NAMED}",
    rf"{_N} ha cambiato (?:l'oggetto|il nome)(?: del gruppo)?(?: da {_NAMED})? (?:a|in) {_NAMED}",
)
_RENAMED = _all(r"(\+[\d\s()./-]{6,24}) changed to (\+[\d\s()./-]{6,24})", r"(\+[\d\s()./-]{6,24}) 已?更改为 (\+[\d\s()./-]{6,24})")

_GONE = _all(
    r"(?:this message was deleted|you deleted this message)",
    r"(?:此|这条|該|该)?(?:消息|訊息|信息)已(?:被)?(?:删除|刪除|撤回)",
    r"(?:你|您)?已?(?:删除|刪除|撤回)了?(?:此|这条|該)?(?:消息|訊息|信息)",
    r"(?:Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht)",
    r"(?:Se eliminó este mensaje|Eliminaste este mensaje|Este mensaje fue eliminado)",
    r"(?:Mensagem apagada|Essa mensagem foi apagada|Esta mensagem foi apagada|Você apagou esta mensagem|Apagou esta mensagem)",
    r"(?:Ce message a été supprimé|Vous avez supprimé ce message)",
    r"(?:Questo messaggio è stato eliminato|Hai eliminato questo messaggio)",
)

# Notices that tell nothing about members; known, so that they are not reported as rows nobody could read.
_IDLE = re.compile(
    r"end-to-end|端到端|端對端|Ende-zu-Ende|de extremo a extremo|de ponta a ponta|de bout en bout|crittografia"
    r"|security code|安全码|安全代碼|Sicherheitsnummer|código de seg|code de sécurité"
    r"|disappearing|限时消息|限時訊息|阅后即焚|selbstlöschend|mensajes temporales|mensagens temporárias|éphémères|effimeri"
    r"|group's icon|group icon|群组图标|群組圖示|群图标|Gruppenbild|ícono|icono|imagem (?:d|deste)|icône"
    r"|group description|the description|群组描述|群组简介|群組描述|群組簡介|Beschreibung|descripci|descri[çc]|descrizione"
    r"|group's settings|group settings|this group's|设置|設定|Einstellungen|configuraci|configura[çc]"
    r"|(?:voice|video) call|语音通话|视频通话|語音通話|視訊通話|Sprachanruf|Videoanruf|[Ll]lamada|[Cc]hamada|[Aa]ppel|[Cc]hiamata"
    r"|now an admin|no longer an admin|管理员|管理員|Admin|phone number|电话号码|電話號碼|Telefonnummer|número de tel|numéro"
    r"|is a contact|pinned a message|置顶|fixiert|fijó|fixou|épinglé|waiting for this message|等待此消息"
    r"|secured with|turned (?:on|off)|started a call|this (?:group|chat)|blocked|business|community|社群|社区",
    re.I,
)
_SECURED = re.compile(
    r"Messages (?:and calls|you send|to this (?:chat|group)).{0,80}(?:end-to-end|secured)|.{0,20}(?:消息|訊息|信息).{0,40}端.端"
    r"|.{0,60}Ende-zu-Ende-verschlüsselt|.{0,60}cifrad.{0,20}de extremo a extremo|.{0,60}criptografia de ponta a ponta"
    r"|.{0,80}chiffrés? de bout en bout|.{0,80}crittografi.{0,40}end-to-end",
    re.I,
)
_YOU = frozenset(["you", "你", "您", "du", "sie", "tú", "tu", "usted", "você", "vous", "voi", "te", "ti", "ihr", "yourself"])
_AND = re.compile(r", | and | und | y | e | et |、|和|，")


def notice(text: str) -> Notice | None:
    """The meaning of a notice, or None when it is idle or unknown (`is_idle` tells which)."""
    if len(text) > 1_000:
        return None
    if match := _first(_RETITLED, text):
        groups = [group for group in match.groups()[1:] if group]
        return Notice(Kind.CHANNEL_RENAMED, (), _person(match[1]), groups[0] if len(groups) > 1 else "", groups[-1] if groups else "")
    if match := _first(_CREATED, text):
        return Notice(Kind.CHANNEL_CREATED, (), _person(match[1]), new=match[2])
    if match := _first(_RENAMED, text):
        return Notice(Kind.MEMBER_RENAMED, (clean(match[1]),), new=clean(match[2]))
    for patterns, kind in ((_ADDED, Kind.MEMBER_JOINED), (_REMOVED, Kind.MEMBER_LEFT)):
        if match := _first(patterns, text):
            return Notice(kind, _people(match[2]), _person(match[1]), was_removed=kind is Kind.MEMBER_LEFT)
    for patterns, kind in ((_CAME, Kind.MEMBER_JOINED), (_WENT, Kind.MEMBER_LEFT)):
        if match := _first(patterns, text):
            return Notice(kind, _people(match[1]), was_removed=_PUSHED.search(text) is not None)
    return None


def is_idle(text: str) -> bool:
    """Whether a notice is a known one that says nothing about members."""
    return _IDLE.search(text[:1_000]) is not None


def is_secured(text: str) -> bool:
    """Whether it is WhatsApp's word on encryption, which some phones put into the mouth of the group."""
    return _SECURED.match(text[:300]) is not None


def is_gone(text: str) -> bool:
    """Whether this stands where a deleted message stood."""
    return len(text) < 80 and _first(_GONE, text) is not None


def _first(patterns: list[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.match(text))), None)


def _person(name: str) -> str:
    """A name, or nothing for the one whose phone it was: the export never says which member that is."""
    name = clean(name).strip("\"“”「」'")
    return "" if name.casefold() in _YOU else name


def _people(names: str) -> tuple[str, ...]:
    return tuple(name for part in _AND.split(names) if (name := _person(part)))
