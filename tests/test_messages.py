"""The translation tool reads what people will read, and notices what is wrong."""

from pathlib import Path

import pytest

from tools import messages

PYTHON = '''
"""文档不翻译"""
from django.utils.translation import gettext as _, ngettext, pgettext
A = N_("纯模块里的句子")
B = _("一句" "接着一句")
C = ngettext("%(count)s 条", "%(count)s 条", 3)
D = pgettext("动词", "保存")
E = _(A)
F = "没有标记的中文"
'''
TEMPLATE = """
{% load i18n %}<h1>{% translate "标题" %}</h1>{% translate '单引号' as x %}
{% blocktranslate count total=n trimmed %}
  共 {{ total }} 条
{% plural %}
  共 {{ total }} 条
{% endblocktranslate %}
{% blocktranslate with name=user.name %}你好，{{ name }}，100%{% endblocktranslate %}
{% translate "保存" context "名词" %} {% if a == _("比较") %}{% endif %}
{# {% translate "注释" %} #}
"""
ENGLISH = """
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "标题"
msgstr "Title"

msgid "你好，%(name)s，100%%"
msgstr "Hello, 100%%"

msgid "没人用了"
msgstr "Unused"
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A house with one room, which says some things and translates a few."""
    room = tmp_path / "src" / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (room / "tests").mkdir()
    (room / "apps.py").write_text("")
    (room / "things.py").write_text(PYTHON)
    (room / "tests" / "test_x.py").write_text('_("测试里的话")')
    (room / "templates" / "room" / "page.html").write_text(TEMPLATE)
    (room / "locale" / "en" / "LC_MESSAGES" / "django.po").write_text(ENGLISH)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "src")
    monkeypatch.setattr(messages, "rooms", lambda: [room])
    return room


def test_sentences_are_found_in_python_and_in_templates(house):
    found = {(one.context, one.text) for one in messages.sentences(house)}

    assert found == {
        (None, "纯模块里的句子"),
        (None, "一句接着一句"),
        (None, "%(count)s 条"),
        ("动词", "保存"),
        (None, "标题"),
        (None, "单引号"),
        (None, "共 %(total)s 条"),
        (None, "你好，%(name)s，100%%"),
        ("名词", "保存"),
        (None, "比较"),
    }


def test_what_is_missing_unused_or_has_lost_a_blank_is_told(house):
    told = "\n".join(messages.faults())

    assert "no English for '单引号'" in told
    assert "the blanks differ in 'Hello, 100%%'" in told
    assert "the English of '没人用了' is not used any more" in told
    assert "标题" not in told


def test_syncing_adds_what_is_missing_keeps_what_is_there_and_drops_the_unused(house):
    left = messages.sync(house)

    known = messages.entries(messages.catalogue(house))
    assert left == 8
    assert known[None, "标题"].string == "Title"
    assert (None, "没人用了") not in known
    assert known[None, "共 %(total)s 条"].string == ("", "")


def test_two_rooms_may_not_say_the_same_words_differently(house, tmp_path, monkeypatch):
    other = tmp_path / "src" / "other"
    (other / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (other / "apps.py").write_text('_("标题")')
    (other / "locale" / "en" / "LC_MESSAGES" / "django.po").write_text(ENGLISH.split('msgid "你好')[0].replace("Title", "Heading"))
    monkeypatch.setattr(messages, "rooms", lambda: [house, other])

    assert any("two rooms say '标题' differently" in fault for fault in messages.faults())


def test_compiled_files_hold_the_english_and_keep_chinese_chinese(house):
    from gettext import GNUTranslations

    messages.compile_all()

    spoken = {}
    for language in ("en", "zh_Hans"):
        with (house / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
            spoken[language] = GNUTranslations(file).gettext("标题")
    assert spoken == {"en": "Title", "zh_Hans": "标题"}


def test_every_folder_with_translations_is_a_room_that_is_looked_at():
    looked_at = set(messages.rooms())

    assert {file.parents[3] for file in messages.SOURCE.rglob("django.po")} <= looked_at
    assert Path(messages.SOURCE / "kit") in looked_at
