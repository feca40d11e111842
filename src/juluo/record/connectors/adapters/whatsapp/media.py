"""What stands in a chat where a picture, a voice note or a file was."""

import re

_NAMES = "图片|图像|圖片|照片|视频|影片|音频|语音|贴图|贴纸|貼圖|GIF|文件|文档|檔案|联系人|聯絡人"
_ATTACHMENT = "file attached|Datei angehängt|archivo adjunto|arquivo anexado|fichier joint|file allegato|文件附件|附件|檔案附加|已附加文件"
_OMITTED = re.compile(
    r"<(?:media omitted|.{0,12}(?:媒体|媒體|多媒体).{0,12}|Medien (?:ausgeschlossen|weggelassen)|(?:archivo )?multimedia omitid[oa]"
    r"|(?:arquivo de )?m[íi]dia (?:oculta|omitida|oculto)|m[ée]dias? omis|media omessi|file media omesso)>$"
    r"|(image|video|audio|sticker|GIF|document|contact card|Bild|Dokument|Kontaktkarte|imagen|vídeo|documento|imagem|figurinha)"
    r" (?:omitted|weggelassen|omitid[oa]|ocultad[oa]|oculto)$"
    rf"|(?:已忽略|忽略|省略|已略去|略去)\s?({_NAMES}).{{0,6}}$"
    rf"|({_NAMES})(?:已忽略|已省略|已略去)$",
    re.I,
)
_ATTACHED = re.compile(
    rf"([^\n<>]{{1,200}}\.\w{{2,5}}) ?[(（](?:{_ATTACHMENT})[)）]"
    r"|<(?:attached|Anhang|adjunto|anexado|pièce jointe|allegato|附件|已附加)[:：]\s?([^<>]{1,200}\.\w{2,5})>",
    re.I,
)
_EDITED = re.compile(
    r"\s?<(?:this message was edited|此消息已编辑|已编辑|已編輯|Diese Nachricht wurde bearbeitet|Se editó este mensaje|Mensagem editada)>$",
    re.I,
)
_KINDS = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "image", "bild", "imagen", "imagem", "图片", "图像", "圖片", "照片"), "image"),
    **dict.fromkeys(("mp4", "mov", "3gp", "video", "vídeo", "视频", "影片"), "video"),
    **dict.fromkeys(("opus", "m4a", "mp3", "aac", "amr", "ogg", "audio", "音频", "语音"), "voice"),
    **dict.fromkeys(("webp", "sticker", "figurinha", "贴图", "贴纸", "貼圖"), "sticker"),
    **dict.fromkeys(("gif",), "gif"),
    **dict.fromkeys(("vcf", "contact card", "kontaktkarte", "联系人", "聯絡人"), "contact"),
}


def media_of(text: str) -> tuple[str, str | None]:
    """The words of a message without the stand-in, and what kind of media it stood for (None when there was none)."""
    first, _, rest = text.partition("\n")
    if match := _OMITTED.match(first.strip()):
        word = next((group for group in match.groups() if group), "")
        return rest.strip(), _KINDS.get(word.lower(), "file" if word else "media")
    if match := _ATTACHED.match(first.strip()):
        name = match[1] or match[2]
        caption = f"{first.strip()[match.end() :]}\n{rest}".strip()
        return caption, _KINDS.get(name.rsplit(".", 1)[-1].lower(), "file")
    return text, None


def without_edit(text: str) -> tuple[str, bool]:
    """The words without the mark of an edit, and whether there was one."""
    match = _EDITED.search(text[-80:])
    return (text[: len(text) - len(match[0])], True) if match else (text, False)
