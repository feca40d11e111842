"""Reading what platforms send, and telling what asks from what does not."""

from importlib import resources

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.text import ASIDE_RE, LONGEST, QUESTION_RE, excerpt, is_question, plain, questions


def _labelled() -> list[tuple[str, bool]]:
    lines = resources.files("juluo.kit.tests").joinpath("questions.txt").read_text("utf-8").splitlines()
    return [(line[2:].replace("⏎", "\n"), line[0] == "?") for line in lines if not line.startswith("#")]


# -- plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("  你好  ", "你好"),
        ("<p>今晚八点，别忘了</p>", "今晚八点，别忘了"),
        ("<p>3 &lt; 5 &amp; 5 &gt; 3</p>", "3 < 5 & 5 > 3"),
        ("<p>一</p>\n<p>二<br>三<BR/>四</p>", "一\n二\n三\n四"),
        ("<ul><li>票</li><li>水</li></ul>", "票\n水"),
        ("<p>用 <code>pip&nbsp;install</code> 就行</p>", "用 `pip install` 就行"),
        ('<div class="h"><pre><span class="k">def</span> f():\n  <code>1</code></pre></div><p>完</p>', "```\ndef f():\n 1\n```\n完"),
        ("<blockquote>\n<p>几点？</p>\n<p>在哪？</p>\n</blockquote>\n<p>八点，老地方</p>", "> 几点？\n> 在哪？\n八点，老地方"),
        ('<p><span class="user-mention" data-user-id="7">@Xiao Man</span> 收到</p>', "@Xiao_Man 收到"),
        (
            '<p>so <span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>x</mi></mrow><annotation encoding="t">x^2'
            '</annotation></semantics></math></span><span class="katex-html"><span>x</span><span>2</span></span></span> grows</p>',
            "so $x^2$ grows",
        ),
        ("if a < b and c > d &amp;&amp; e", "if a < b and c > d && e"),
    ],
)
def test_plain_keeps_the_words_and_what_marks_them(markup, text):
    assert plain(markup) == text


@pytest.mark.parametrize("piece", ["<", "<a", "<pre>", "<blockquote>", '<span class="katex">', "<code>", "<annotation>", "&", "</p>"])
def test_plain_gets_through_hostile_markup_without_growing_it(piece):
    markup = piece * 20_000
    assert len(plain(markup)) <= len(markup) * 2


@given(st.text(alphabet="<>/pabcode &;\n\"='", max_size=80))
def test_plain_never_fails(markup):
    assert isinstance(plain(markup), str)


def test_an_excerpt_is_one_line_and_no_longer_than_asked():
    assert excerpt("一行\n  又一行", 20) == "一行 又一行"
    assert excerpt("一二三四五六", 4) == "一二三…"


# -- questions


def test_questions_are_told_from_statements_on_the_labelled_messages():
    labelled = _labelled()

    found = [is_question(text) for text, _ in labelled]

    wrongly = [text for (text, asks), said in zip(labelled, found, strict=True) if said and not asks]
    missed = [text for (text, asks), said in zip(labelled, found, strict=True) if asks and not said]
    assert len(labelled) > 250
    assert wrongly == []
    assert missed == []


def test_arrow_and_duckdb_and_python_agree_on_what_is_a_question():
    texts = [text for text, _ in _labelled()]
    expected = [is_question(text) for text in texts]

    table = pa.table({"text": texts})
    connection = duckdb.connect()
    connection.register("messages", table)
    sql = "SELECT regexp_matches(text, $q) AND regexp_matches(regexp_replace(text, $a, ' ', 'g'), $q) FROM messages"
    in_duckdb = [row[0] for row in connection.execute(sql, {"q": QUESTION_RE, "a": ASIDE_RE}).fetchall()]

    assert in_duckdb == expected
    assert questions(table["text"]).to_pylist() == expected


@given(st.text(alphabet='吗么呢怎么办谁知道请问有没有是不是难道a how isit?？。,，\n`"“”> ', max_size=60))
def test_arrow_and_python_agree_on_made_up_messages(text):
    assert questions(pa.array([text])).to_pylist() == [is_question(text)]


def test_a_missing_text_asks_nothing():
    assert questions(pa.array([None, "在吗？有人在不在"], pa.string())).to_pylist() == [False, True]


@pytest.mark.parametrize("piece", ["“", "我知道怎么", "不是", "how is ", "a ", "? ", "有", "《"])
def test_only_the_beginning_of_an_endless_message_is_looked_at(piece):
    text = (piece * LONGEST)[: LONGEST * 3]
    assert is_question(text + " 请问怎么报名？") == is_question(text)
