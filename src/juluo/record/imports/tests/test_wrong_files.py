"""Wrong and hostile files, as the console meets them: a sentence that helps, and nothing left behind."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from juluo.kit.archive import MAX_LINE
from juluo.kit.errors import JuluoError
from juluo.record.imports.actions import run
from juluo.record.imports.console import CHUNK
from juluo.record.imports.models import Import
from juluo.record.imports.types import State
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import EVENTS
from juluo.record.people.models import Member
from tests.cast import history, xiaoman

pytestmark = pytest.mark.django_db


def bomb() -> bytes:
    """64 MB of nothing in a few KB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder, folder.open("result.json", "w") as inside:
        for _ in range(64):
            inside.write(b" " * 2**20)
    return packed.getvalue()


WRONG = {
    "合影.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8,
    "炸弹.zip": bomb(),
    "空.txt": b"",
    "公告.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(128, 256)) * 20,
    "一行.txt": b"a" * (MAX_LINE + 2**20),
    "一行.json": b'{"messages": [{"text": "' + b"a" * (MAX_LINE + 2**20),
    "半个.zip": bomb()[:2000],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_in_chinese_and_leaves_nothing(client, name):
    community = history()
    client.force_login(xiaoman(community))
    content = WRONG[name]
    base = f"/c/{community.slug}/sources/"
    begun = client.post(f"{base}begin/", json.dumps({"name": name, "size": len(content)}), content_type="application/json").json()

    for offset in range(0, max(len(content), 1), CHUNK):
        piece = content[offset : offset + CHUNK]
        answer = client.post(begun["url"], piece, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)})

    imported = Import.objects.get()
    if imported.state == State.QUEUED:  # some faults show only when the file is read
        with pytest.raises(JuluoError):
            run(imported)
        imported.refresh_from_db()
        title = re.search(r'role="alert">.*?<p>(.*?)</p>', client.get(f"{base}{imported.pk}/").content.decode(), re.DOTALL)[1]
    else:
        assert answer.status_code == 422
        title = answer.json()["title"]
    assert re.search("[\u4e00-\u9fff]{4}", title)
    assert str(settings.DATA_DIR) not in title
    assert imported.state == State.FAILED
    assert not [left for folder in ("uploads", "staging") for left in (Path(settings.DATA_DIR) / folder).glob("*")]
    assert not Member.objects.exists()
    assert not ask(community.pk, EVENTS).num_rows
