"""Plain text out of what platforms send, and whether it asks something."""

import html
import re

import pyarrow as pa
import pyarrow.compute as pc

# -- plain ------------------------------------------------------------------------------------------------------

_BREAK = re.compile(r"</(?:p|div|li|pre|tr|h[1-6]|P|DIV|LI|PRE|TR|H[1-6])>|<(?:br|BR)[ \t]*/?>")
_TAG = re.compile(r"<[/A-Za-z!][^>]*>")
_SPACES = re.compile(r"[ \t]{2,}|\t")
_BREAKS = re.compile(r"\n\s*\n+")
_QUOTE = re.compile(r"<(/?)blockquote\b[^<>]*>", re.I)
_ANNOTATION = re.compile(r"<annotation[^<>]*>([^<>]*)</annotation>")
_SPAN = re.compile(r"<(/?)span\b[^<>]*>")
_MENTION = re.compile(r'(<span class="(?:user|user-group)-mention[^<>]*>)([^<>]*)</span>')


def plain(markup: str) -> str:
    """The words of a piece of HTML, blocks on lines of their own. For reading and counting, never for showing as HTML.

    What a reader must be able to tell apart stays marked the way people type it: `code`, fences around blocks of code, "> " before
    quoted lines, $…$ around formulas, and mentions in one piece ("@First_Last").
    """
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    if markup.startswith("<p>") and markup.endswith("</p>") and markup.count("<") == 2:
        text = markup[3:-4]  # nearly half of what Zulip sends
        return _tidy(html.unescape(text) if "&" in text else text)
    if '<span class="katex">' in markup:
        markup = _with_formulas(markup)
    if "</pre>" in markup:
        markup = _with_fences(markup)
    if "<code>" in markup:
        markup = markup.replace("<code>", "`").replace("</code>", "`")
    if "-mention" in markup:
        markup = _MENTION.sub(lambda found: "@" + found[2].removeprefix("@").replace(" ", "_"), markup)
    if "<blockquote" in markup:
        return _tidy(_with_quotes(markup))
    return _tidy(_bare(markup))


def _bare(markup: str) -> str:
    text = _tagless(_BREAK.sub("\n", markup))
    return html.unescape(text) if "&" in text else text


def _tagless(markup: str) -> str:
    # Only up to the last ">": beyond it nothing can match, and looking would cost the square of its length.
    end = markup.rfind(">") + 1
    return _TAG.sub("", markup[:end]) + markup[end:]


def _tidy(text: str) -> str:
    text = text.replace("\u00a0", " ")
    if "  " in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = _BREAKS.sub("\n", text)
    return text.strip()


def _with_formulas(markup: str) -> str:
    """KaTeX writes every formula three times; keep the source, as $…$. One pass, however the spans are nested."""
    opening, kept, here = '<span class="katex">', [], 0
    while (start := markup.find(opening, here)) >= 0:
        kept.append(markup[here:start])
        depth, here = 1, len(markup)
        for tag in _SPAN.finditer(markup, start + len(opening)):
            depth += -1 if tag[1] else 1
            if depth == 0:
                here = tag.end()
                break
        source = _ANNOTATION.search(markup, start, here)
        kept.append(f"${source[1].strip()}$" if source else "")
    return "".join([*kept, markup[here:]])


def _with_fences(markup: str) -> str:
    kept, here = [], 0
    while (start := markup.find("<pre", here)) >= 0 and (end := markup.find("</pre>", start)) >= 0:
        kept += [markup[here:start], "\n```\n", _tagless(markup[start:end]).strip("\n"), "\n```\n"]
        here = end + len("</pre>")
    return "".join([*kept, markup[here:]])


def _with_quotes(markup: str) -> str:
    kept, here, depth = [], 0, 0
    for tag in [*_QUOTE.finditer(markup), None]:
        text = _bare(markup[here : tag.start() if tag else len(markup)])
        if depth:
            text = "\n".join(f"> {line}" for line in text.split("\n") if line.strip())
        kept.append(text)
        if tag:
            here, depth = tag.end(), max(0, depth + (-1 if tag[1] else 1))
    return "\n".join(kept)


def excerpt(text: str, length: int = 80) -> str:
    """The beginning of a text on one line, cut with an ellipsis at `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


# -- questions --------------------------------------------------------------------------------------------------
# Two expressions that Python, Arrow, DuckDB and ClickHouse read alike (RE2: no looking around, ASCII meaning of \s, \w and \b).
# A message asks when QUESTION_RE is found in it and is still found once every ASIDE_RE has become a space. Asides are what the
# speaker does not ask: code, quotations, titles, links, questions that are only told about ("不知道怎么说") and those that want
# no answer ("谁知道呢？"). Two things keep them fast: no counted repeats of wide classes ({1,200} makes RE2 a hundred times
# slower), and nothing that begins with a long run of anything (Python would try it from every character).

_HAN = "一-鿿"
_END = rf"(?:[^{_HAN}\w]|$)"
_CLAUSE = r"[^\n，,。.！!？?；;]"
_MARKS = r"[?？!！.。~～ ]*"
_REST = rf"{_CLAUSE}*{_MARKS}"
LONGEST = 2000  # characters looked at

ASIDE_RE = "(?is)" + "|".join(
    [
        r"```.*?(?:```|$)",
        r"https?://[^\s\"'<>，。]+",
        r"(?:^|\n)[ \t]*(?:[>＞]|m: )[^\n]*",
        r"\"[^\"\n]+\"|“[^“”\n]+”|《[^《》\n]+》|【[^【】\n]+】|「[^「」\n]+」",
        # told, not asked
        r"(?:[我你他她它就都也才不没说]知道|教你|教大家|告诉|分享|写了|写过|介绍|学会|明白|懂得|看你|看谁|看看|[人他她]问我?|在想|考虑|犹豫|纠结|"
        rf"不管|无论|随便|不论|取决于|记得|清楚|问题是){_CLAUSE}{{0,6}}?"
        rf"(?:怎么|如何|为什么|为啥|什么|哪|谁|几点|要不要|该不该|是不是|是否|能否){_CLAUSE}*?(?:吗|{_CLAUSE}$|[\n，,。.！!；;])",
        rf"想怎么{_CLAUSE}*|有什么{_CLAUSE}{{0,4}}什么|无论如何|不管怎么|随便哪个|请问问题|怎么[^\n，,。？?]*都不|为什么{_CLAUSE}*[：:]",
        # wants no answer
        rf"难道{_REST}|怎么可能{_REST}|怎么(?:能|这么|那么|又){_REST}|谁(?:知道呢|说不是|懂啊|不想){_REST}|凭什么{_REST}|何[必苦]{_REST}",
        rf"不(?:是|就是){_CLAUSE}*吗{_MARKS}|这不{_CLAUSE}*吗{_MARKS}|怎么说呢|是不是(?:傻|有病|疯){_REST}",
        rf"能不能(?:好好|消停|别|不要|闭嘴|正常|要点){_REST}|有没有(?:发现|觉得|搞错|可能|一种可能){_REST}|爱咋咋",
        r"(?:^|[\n，,。.！!？? ])(?:至于|是|真|真的|真的假的|真的是|不会|不是|对|什么|哈|是这样|这样|好|可以|行)"
        r"(?:吗|吧|啊|么|嘛|的)?[?？!！~～]*(?:$|\n)",
        r",? *\b(?:is|are|was|were|do|does|did|has|have|can|could|would|should|wo)n['’]?t (?:it|you|they|he|she|we|that|i)[?]+",
        r"(?:^|\n|[.!,] *|\boh )(?:who (?:knows|cares)|why not|why bother|is (?:it|that)|are you (?:kidding|serious)|"
        r"(?:oh )?really|right|seriously|you know)[?!.]*[ \t]*(?:$|\n)",
    ]
)

_OPENING = (
    r"(?:^|[\n.!?,:;)] *|\b(?:so|and|but|or|hi|hey|hello|ok|okay|also|btw|guys|please|question|thanks|hmm|well|then|all|everyone|"
    r"folks)[,:!]* +)"
)
_IS = r"(?:is|are|was|were|am|do|does|did|has|have|can|could|should|would|will|['’]s)"
_DO = (
    "办|弄|整|用|搞|加入|进|报名|改|领|联系|处理|配置|设置|读|解决|操作|下载|安装|注册|登录|买|找|看|做|写|开|关|退|换|算|升级|解除|取消|绑定|恢复|查|转|"
    "充|提现|连|接|调|选|发|学|导出|导入|申请|预约|兑换|支付|付|回事|没有?|还|会"
)

_MARKED = [  # after two Han characters, or after two words
    rf"[{_HAN}\w][)\]）】”]?[{_HAN}][)\]）】”]? ?[?？]+(?:[^\w=&%/.;:'\"]|$)",
    rf"[{_HAN}][\w.+#)\]）】”-]+ ?[?？]+(?:[ \t]*(?:\n|$)| +[^ =?!:|&]|[{_HAN}])",
    r"[\w)\]\"'`*.!:][ ,]+[^\s?？]*[\w)\]`*_][?？]+(?:[ \t]*(?:\n|$)| +[^ =?!:|&]|[^\w\s=&%/.;:'\"|!`)\]-])",
    r"\w [\w)\]`]+ [?？]+[ \t]*(?:\n|$)",
]
_CHINESE = [
    # by the particle
    rf"[{_HAN}\w ]吗{_END}|[^什怎那这多要]么{_END}|了没有?[呀啊]?{_END}|有{_CLAUSE}{{1,12}}没{_END}|还能{_CLAUSE}{{1,8}}不{_END}",
    # by the words of asking
    r"请问|求问|请教|想问|想知道|问一?下|咨询一?下|(?:^|[\s，,！!])求(?:助|推荐|个|一个|教|解|链接|资源|大佬|指教)",
    rf"(?:有没有|有无){_CLAUSE}{{2}}|哪位|(?:^|[\s，,。！!、：:@])谁(?:有|知道|能|会|可以|给){_CLAUSE}{{2}}|在不在{_END}",
    # by the question word
    rf"怎么(?:{_DO}|样{_END})|怎么{_CLAUSE}{{1,10}}呢|咋(?:整|办|弄|用|设置|回事|了|搞|改|没|样{_END})",
    rf"(?:^|[\s，,。！!：:一下问])如何{_CLAUSE}{{2}}|(?:^|[\s，,。！!：:这边那你我他])为(?:什么|啥){_CLAUSE}{{2}}",
    rf"在哪(?:里|儿)?(?:[^都也，,。\s]|{_END})|哪(?:里|儿|边)(?:可以|能|有|买|下|找|看|领|报)|哪家{_END}",
    rf"哪个{_CLAUSE}{{0,8}}(?:好|更|划算|比较|版本|合适|靠谱)|多少钱(?:[^都也{_HAN}]|[一每起啊呢]|$)|是多少[呀啊呢]?{_END}",
    rf"什么时候[^都也就]|几点[^都了也\s，。]|多[久大长远][呀啊呢]?{_END}|(?:是|啥|什么)(?:原因|意思|情况)|是什么(?:{_END}|呀|呢|啊)",
    rf"有什么(?:区别|办法|不同|推荐|要求|方法|建议|技巧)|能不能{_CLAUSE}{{2}}|可不可以{_CLAUSE}|[能可]否{_CLAUSE}",
    rf"是否(?:支持|有|可以|需要|能){_CLAUSE}|是不是{_CLAUSE}{{2}}",
]
_ENGLISH = [
    rf"{_OPENING}(?:(?:how|what|where|why|who|when) ?{_IS}|which \w+ {_IS})\b +\S+ +\S",
    rf"{_OPENING}how (?:to [^:\n]*$|about |come |much |many |long |often )",
    rf"{_OPENING}(?:can|could|would|will) (?:someone|anyone|somebody|anybody|we|i) ",
    rf"{_OPENING}(?:can|could|would|will) you (?:please|kindly|help|tell|share|post|explain|show|give|let) ",
    rf"{_OPENING}(?:do|does|did|has|have|is|are) (?:anyone|anybody|someone|somebody|you guys|we|there|it possible|it ok|it safe) ",
    r"\bany(?:one|body) (?:tried|knows?|used|seen|got|have|had|here|else|using)\b",
    r"\bany (?:idea|ideas|clue|clues|suggestions?|recommendations?|tips|advice|pointers|thoughts|help)\b",
]

QUESTION_RE = "(?is)" + "|".join([*_MARKED, *_CHINESE, *_ENGLISH])

_aside = re.compile(ASIDE_RE, re.ASCII)
_marked, _chinese, _english = (re.compile("(?is)" + "|".join(part), re.ASCII) for part in (_MARKED, _CHINESE, _ENGLISH))
_has_han = re.compile(f"[{_HAN}]")


def _asks(text: str) -> bool:
    """`QUESTION_RE` found, leaving out the parts that cannot be."""
    return bool(
        (("?" in text or "？" in text) and _marked.search(text))
        or (_has_han.search(text) and _chinese.search(text))
        or (" " in text and _english.search(text))
    )


def is_question(text: str) -> bool:
    """Whether a message asks something that another could answer. In doubt no: a report that says "unanswered" must be right."""
    text = text[:LONGEST]
    return _asks(text) and _asks(_aside.sub(" ", text))


def questions(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """`is_question` of a whole column, in Arrow's own engine; a missing text asks nothing."""
    texts = pc.utf8_slice_codeunits(texts, 0, LONGEST)
    found = pc.fill_null(pc.match_substring_regex(texts, QUESTION_RE), False)
    likely = pc.if_else(found, texts, pa.scalar(None, pa.string()))
    return pc.fill_null(pc.match_substring_regex(pc.replace_substring_regex(likely, ASIDE_RE, " "), QUESTION_RE), False)
