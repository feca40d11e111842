"""Mailing lists of every archive become threads."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import open_pack
from juluo.kit.errors import JuluoError
from juluo.record.connectors.adapters.mail.export import MailExport
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import Channel, Person, PersonKind, Reject
from juluo.record.events.types import Event, Kind

mail = MailExport()

FIRST = """From xiaoman at example.org  Sun Mar  1 09:28:00 2026
From: xiaoman at example.org (=?UTF-8?B?5bCP5ruh?=)
Date: Sun, 01 Mar 2026 09:28:00 +0800
Subject: [Reading] =?utf-8?q?=E8=AF=BB?= what next
Message-ID: <one@example.org>

Which book do we read?

-- 
xiaoman
"""
SECOND = """From ashu@example.org Sun Mar  1 10:00:00 2026
From: "A. Shu" <Ashu@Example.org>
Date: Sun, 1 Mar 2026 02:00:00 GMT
Subject: Re: [Reading] what next
Message-ID: <two@example.org>
In-Reply-To: <one@example.org>
References: <one@example.org>
List-Id: Reading club <reading.lists.example.org>

On Sun, Mar 1, 2026 at 09:28, xiaoman
<xiaoman at example.org> wrote:
> Which book do we read?

The sea one.
>From the sea it came.
"""
THIRD = """From xiaoman at example.org  Sun Mar  1 11:00:00 2026
From: xiaoman at example.org
Date: Sun, 01 Mar 2026 11:00:00 +0800
Subject: Re: what next
Message-ID: <three@example.org>
In-Reply-To: Your message of Sunday <two@example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/html; charset=gb2312

<p>not this</p>
--b
Content-Type: text/plain; charset="gb2312"
Content-Transfer-Encoding: base64

us2jrL7N1eKxvqGj
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="a.pdf"

xx
--b--
"""
LIST = "\n".join([FIRST, SECOND, THIRD])


def test_a_list_becomes_threads_of_mails(tmp_path: Path) -> None:
    reading = read(mail, tmp_path, {"reading-2026-March.mbox": LIST})

    one, two, three = reading.of(Kind.MESSAGE_CREATED)
    assert [event.key for event in (one, two, three)] == ["one@example.org", "two@example.org", "three@example.org"]
    assert [event.thread for event in (one, two, three)] == ["one@example.org"] * 3
    assert [event.reply_to for event in (one, two, three)] == [None, "one@example.org", "two@example.org"]
    assert [event.at for event in (one, two)] == [at("2026-03-01T09:28:00+08:00"), at("2026-03-01T10:00:00+08:00")]
    assert reading.rejects == []


def test_only_its_own_words_are_kept_and_a_thread_begins_with_its_subject(tmp_path: Path) -> None:
    one, two, three = read(mail, tmp_path, {"reading.mbox": LIST}).of(Kind.MESSAGE_CREATED)

    assert one.text == "读 what next\nWhich book do we read?"
    assert two.text == "The sea one.\nFrom the sea it came."
    assert three.text == "和，就这本。"
    assert three.props == {"subject": "Re: what next", "media": "file"}


def test_veiled_addresses_are_the_same_person(tmp_path: Path) -> None:
    reading = read(mail, tmp_path, {"reading.mbox": LIST})

    assert {event.actor for event in reading.events} == {"xiaoman@example.org", "ashu@example.org"}
    assert reading.people["xiaoman@example.org"].name == "小满"
    assert reading.people["ashu@example.org"].attributes == {"email": "ashu@example.org"}


def test_the_list_is_named_by_its_id_else_by_the_file(tmp_path: Path) -> None:
    reading = read(mail, tmp_path, {"reading-2026-March.mbox": LIST})

    assert list(reading.channels) == ["reading", "reading.lists.example.org"]


def test_threads_go_on_over_the_months_of_a_folder_packed_or_not(tmp_path: Path) -> None:
    files = {
        "reading/2026-March.txt.gz": gzip.compress((FIRST + "\n" + SECOND).encode()),
        "reading/2026-May.txt": THIRD,
        "reading/readme.txt": "hi",
    }

    reading = read(mail, tmp_path, files)

    assert [event.thread for event in reading.events] == ["one@example.org"] * 3
    assert next(iter(reading.channels)) == "reading"


def test_groups_io_hands_out_a_zip(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr("messages.mbox", LIST)
    (tmp_path / "读书会.zip").write_bytes(out.getvalue())

    assert read_path(mail, tmp_path / "读书会.zip").plan.title == "读书会"


def test_single_mails_are_read_too(tmp_path: Path) -> None:
    files = {name: mail_.partition("\n")[2] for name, mail_ in (("a.eml", FIRST), ("b.eml", SECOND))}

    assert len(read(mail, tmp_path, files).messages) == 2


def test_programs_are_known_by_their_address_or_their_own_word(tmp_path: Path) -> None:
    robot = FIRST.replace("xiaoman at example.org (=?UTF-8?B?5bCP5ruh?=)", "no-reply@example.org").replace("<one@", "<r@")
    builder = FIRST.replace("xiaoman at example.org (=?UTF-8?B?5bCP5ruh?=)", "ci@example.org\nAuto-Submitted: auto-generated").replace(
        "<one@", "<c@"
    )
    away = SECOND.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:")

    reading = read(mail, tmp_path, {"a.mbox": "\n".join([robot, builder, away])})

    kinds = {who: person.kind for who, person in reading.people.items()}
    assert kinds == {"no-reply@example.org": PersonKind.BOT, "ci@example.org": PersonKind.BOT, "ashu@example.org": None}
    assert reading.events[2].props["automatic"] is True


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"From: =?gb2312?B?0KHC+g==?= <x@example.org>", "小满"),
        (b"From: \xd0\xa1\xc2\xfa <x@example.org>", "小满"),
        ("From: 小满 <x@example.org>".encode(), "小满"),
        (b"From: =?UTF-8?Q?Luc=eda?= <x@example.org>", "Lucía"),
        (b"From: =?no-such-charset?Q?Mann?= <x@example.org>", "Mann"),
        (b"From: =?utf-8?B?broken <x@example.org>", "=?utf-8?B?broken"),
        (b"From: x@example.org", "x@example.org"),
    ],
)
def test_names_in_broken_encodings_are_still_names(tmp_path: Path, header: bytes, name: str) -> None:
    raw = FIRST.encode().replace(b"From: xiaoman at example.org (=?UTF-8?B?5bCP5ruh?=)", header)

    assert read(mail, tmp_path, {"a.mbox": raw}).people["x@example.org"].name == name


def test_a_mail_without_a_date_takes_the_archives_and_one_without_any_is_rejected(tmp_path: Path) -> None:
    undated = FIRST.replace("Date: Sun, 01 Mar 2026 09:28:00 +0800\n", "Date: soon\n")
    timeless = undated.partition("\n")[2]
    nobody = SECOND.replace('From: "A. Shu" <Ashu@Example.org>\n', "")
    early = THIRD.replace("2026 11:00:00 +0800", "1970 11:00:00 +0800")

    dated = read(mail, tmp_path / "a", {"a.mbox": undated})
    broken = read(mail, tmp_path / "b", {"a.mbox": "\n".join([FIRST, nobody, early]), "b.eml": timeless})

    assert dated.events[0].at == at("2026-03-01T09:28:00+00:00")
    assert [reason for _, reason in broken.rejects] == ["no_sender", "bad_time", "no_time"]


def test_a_mail_without_an_id_gets_the_same_key_in_every_archive(tmp_path: Path) -> None:
    nameless = FIRST.replace("Message-ID: <one@example.org>\n", "")

    one = read(mail, tmp_path / "a", {"a.mbox": nameless + "\n" + SECOND})
    two = read(mail, tmp_path / "b", {"a.mbox": SECOND + "\n" + nameless})

    assert one.messages.keys() == two.messages.keys()
    assert len(one.messages) == 2


@pytest.mark.parametrize(
    "raw",
    [
        FIRST.encode() + b"x" * 9_000_000,
        FIRST.encode().replace(
            b"\n\n", b"\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 3_000, 1
        ),
        FIRST.encode().replace(b"Subject:", b"Subject: " + b"=?utf-8?b?" * 5_000),
        FIRST.encode().replace(b"<one@example.org>", b"<" + b"o" * 5_000 + b">"),
        FIRST.encode().replace(b"+0800", b"+9999"),
        FIRST.encode().replace(b"Which", b"> " * 50_000),
    ],
)
def test_monstrous_mails_do_no_harm(tmp_path: Path, raw: bytes) -> None:
    reading = read(mail, tmp_path, {"a.mbox": raw + b"\n" + SECOND.encode()})

    assert "two@example.org" in reading.messages
    assert all(len(event.key) <= 200 for event in reading.events)


@given(st.lists(st.one_of(st.sampled_from(LIST.splitlines()), st.text(max_size=60), st.binary(max_size=40)), max_size=30))
def test_whatever_stands_in_an_archive_it_is_items_or_a_refusal(tmp_path_factory, parts: list[str | bytes]) -> None:
    path = tmp_path_factory.mktemp("mail") / "a.mbox"
    body = b"\n".join(part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts)
    path.write_bytes(b"From a@b  Sun Mar  1 09:28:00 2026\n" + body)

    try:
        with open_pack(path) as pack:
            mail.look(pack)
            items = list(mail.read(pack, {}))
    except JuluoError:
        return

    assert all(isinstance(item, Event | Person | Channel | Reject) for item in items)


@pytest.mark.real
@pytest.mark.parametrize(
    ("path", "mails", "keys"),
    [
        ("mbox/mbox_complex.mbox", 2, 2),
        ("mbox/mbox_iso8859_encoding.mbox", 1, 1),
        ("mbox/mbox_multipart.mbox", 2, 2),
        ("mbox/mbox_no_fields.mbox", 6, 3),
        ("mbox/mbox_single.mbox", 1, 1),
        ("mbox/mbox_unixfrom_encoding.mbox", 1, 1),
        ("mbox/mbox_unknown_encoding.mbox", 1, 1),
        ("hyperkitty/hyperkitty_2016_march.mbox", 1, 1),
        ("hyperkitty/hyperkitty_2016_april.mbox", 3, 3),
        ("pipermail/pipermail_2015_november.mbox", 4, 4),
        ("pipermail/pipermail_2016_march.mbox", 1, 1),
        ("pipermail/pipermail_2016_april.mbox", 3, 3),
        ("groupsio/messages.zip", 49, 49),
    ],
)
def test_samples_of_others_lose_no_mail(real_data: Path, path: str, mails: int, keys: int) -> None:
    reading = read_path(mail, real_data / "formats/perceval/tests/data" / path)

    assert len(reading.events) == mails
    assert len(reading.messages) == keys
    assert reading.rejects == []
