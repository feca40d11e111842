"""Translations: every sentence a user reads is Chinese in the code, and English in the `django.po` of the room it stands in.

    python -m tools.messages --check         what is missing, empty, unused, contradictory or has lost a blank; fails when anything is
    python -m tools.messages --sync ROOM …   add what is missing (empty) to those rooms' files and drop what is unused
    python -m tools.messages --compile       make the .mo files Django reads (they are not committed)

Everything is done in Python with Babel and Django's own template reader; no gettext programs are needed.
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "juluo"
TEMPLATE_ENDINGS = {".html", ".txt", ".json", ".md", ".xml"}
PLAIN = {"_", "N_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL_IN_CONTEXT = {"npgettext", "npgettext_lazy"}
_STRING = r"""[uU]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)", re.DOTALL)
_BLANK = re.compile(r"%\((\w+)\)[-#0-9 .+]*[sdif]|%[sdif]|\{(\w*)\}")
HEADER = r"""msgid ""
msgstr ""
"Language: en\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""

Key = tuple[str | None, str]


@dataclass(frozen=True)
class Found:
    """A sentence in the code: its context, itself, and the plural form where it counts something."""

    context: str | None
    text: str
    plural: str | None
    where: str

    @property
    def key(self) -> Key:
        return self.context, self.text


def rooms() -> list[Path]:
    """Every folder that has translations of its own: each room, and `site`."""
    return sorted({file.parent for file in SOURCE.rglob("apps.py")} | {SOURCE / "site"})


def sentences(room: Path) -> list[Found]:
    """What a room says, from its Python and its templates; tests are silent."""
    found: list[Found] = []
    for file in sorted(room.rglob("*.py")):
        if not {"tests", "migrations"} & set(file.relative_to(room).parts):
            found += _of_python(file)
    for file in sorted((room / "templates").rglob("*")):
        if file.suffix in TEMPLATE_ENDINGS:
            found += _of_template(file)
    return found


def _of_python(file: Path) -> Iterator[Found]:
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        where = f"{file.relative_to(ROOT)}:{node.lineno}"
        if one := _made(name, texts, where):
            yield one


def _of_template(file: Path) -> Iterator[Found]:
    source = file.read_text()
    for call in _CALL.finditer(templatize(source, origin=str(file))):
        texts = [ast.literal_eval(text) for text in re.findall(_STRING, call[2], re.DOTALL)]
        if one := _made(call[1], texts, str(file.relative_to(ROOT))):
            yield one


def _made(name: str, texts: list[str], where: str) -> Found | None:
    wanted = 1 if name in PLAIN else 2 if name in PLURAL | IN_CONTEXT else 3 if name in PLURAL_IN_CONTEXT else 0
    if not wanted or len(texts) < wanted or not texts[0]:
        return None
    if name in PLAIN:
        return Found(None, texts[0], None, where)
    if name in PLURAL:
        return Found(None, texts[0], texts[1], where)
    return Found(texts[0], texts[1], texts[2] if wanted == 3 else None, where)


def catalogue_file(room: Path, language: str = "en") -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def catalogue(room: Path) -> Catalog:
    """The room's English, empty where there is no file yet."""
    file = catalogue_file(room)
    if not file.exists():
        return Catalog(locale="en")
    with file.open("rb") as stream:
        return read_po(stream, locale="en")


def translated(message: Message) -> list[str]:
    """The English forms of a message: one, or singular and plural."""
    return list(message.string) if isinstance(message.string, list | tuple) else [str(message.string or "")]


def entries(known: Catalog) -> dict[Key, Message]:
    """The messages of a catalogue by what they translate."""
    return {(one.context, one.id[0] if isinstance(one.id, list | tuple) else one.id): one for one in known if one.id}


def faults() -> list[str]:
    """Everything that is wrong with the translations, one line each."""
    wrong: list[str] = []
    english: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for room in rooms():
        name = str(room.relative_to(SOURCE))
        said = {one.key: one for one in sentences(room)}
        known = entries(catalogue(room))
        for key, one in said.items():
            message = known.get(key)
            if message is None:
                wrong.append(f"{name}: no English for {one.text!r} ({one.where})")
                continue
            forms = translated(message)
            if not all(forms) or "fuzzy" in message.flags:
                wrong.append(f"{name}: the English is empty or fuzzy for {one.text!r} ({one.where})")
                continue
            if one.plural is not None and len(forms) < 2:
                wrong.append(f"{name}: only one English form for {one.text!r}, which counts something ({one.where})")
            wrong += [
                f"{name}: the blanks differ in {form!r} for {one.text!r} ({one.where})"
                for form in forms[-1:]
                if blanks(form) != blanks(one.text)
            ]
            english[key]["\n".join(forms)].append(name)
        wrong += [f"{name}: the English of {text!r} is not used any more" for context, text in known.keys() - said.keys()]
    for (_context, text), versions in english.items():
        if len(versions) > 1:
            told = "; ".join(f"{version!r} in {', '.join(places)}" for version, places in versions.items())
            wrong.append(f"two rooms say {text!r} differently, and Django keeps only one: {told} (give one a context with pgettext)")
    return wrong


def blanks(text: str) -> set[str]:
    """The blanks of a sentence that are to be filled in."""
    return {match[0] if not match[1] else match[1] for match in _BLANK.finditer(text.replace("%%", ""))}


def sync(room: Path) -> int:
    """Bring the room's file in line with its code; how many sentences still want English."""
    known = entries(catalogue(room))
    fresh = Catalog(locale="en", project="Juluo", fuzzy=False, charset="utf-8")
    for one in sorted({one.key: one for one in sentences(room)}.values(), key=lambda one: (one.where.split(":")[0], one.text)):
        old = known.get(one.key)
        string = translated(old) if old else []
        remarks = list(old.user_comments) if old else []
        if one.plural is not None:
            fresh.add((one.text, one.plural), tuple([*string, "", ""][:2]), context=one.context, user_comments=remarks)
        else:
            fresh.add(one.text, (string or [""])[0], context=one.context, user_comments=remarks)
    file = catalogue_file(room)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, fresh, width=140, omit_header=True)
    body = file.read_text()
    file.write_text(HEADER + body.strip() + "\n")
    return sum(1 for message in fresh if message.id and not all(translated(message)))


def compile_all() -> int:
    """Write every .mo: the English, and a Chinese one that says what the code says, so that an English default does not cover it."""
    for room in rooms():
        english = catalogue(room)
        chinese = Catalog(locale="zh_Hans_CN")
        for one in sentences(room):
            text = (one.text, one.plural) if one.plural is not None else one.text
            chinese.add(text, (one.text,) if one.plural is not None else one.text, context=one.context)
        for language, messages in (("en", english), ("zh_Hans", chinese)):
            if not any(message.id for message in messages):
                continue
            file = catalogue_file(room, language).with_suffix(".mo")
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(".mo.partial")
            with partial.open("wb") as stream:
                write_mo(stream, messages)
            partial.replace(file)
    return len(rooms())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true")
    what.add_argument("--compile", action="store_true")
    what.add_argument("--sync", nargs="*", metavar="ROOM")
    asked = parser.parse_args()
    if asked.compile:
        compile_all()
        return 0
    if asked.sync is not None:
        for room in rooms():
            name = str(room.relative_to(SOURCE))
            if not asked.sync or name in asked.sync:
                print(f"{name}: {sync(room)} sentences without English")
        return 0
    wrong = faults()
    print("\n".join(wrong) if wrong else "Every sentence has its English.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
