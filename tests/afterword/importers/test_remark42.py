"""Remark42's export, a line for each comment."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from afterword.errors import ImportRefused
from afterword.importers.remark42 import Remark42
from afterword.model import Status
from tests.afterword.importers.conftest import Target

HEAD: dict[str, Any] = {"version": 1, "users": [], "posts": []}


def comment(number: str, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "pid": "",
        "text": "<p>Networks <em>work</em> &amp; more</p>\n",
        "orig": "Networks *work* &amp; more",
        "user": {"name": "Dave &amp; Eve", "id": "github_1", "ip": "293e", "admin": False},
        "locator": {"site": "blog", "url": "https://old.example/first/"},
        "score": 3,
        "time": "2012-03-14T10:26:53+01:00",
        "title": "First",
    } | more


def export(tmp_path: Path, *comments: object, packed: bool = False) -> Remark42:
    lines = "".join(json.dumps(each) + "\n" for each in comments).encode()
    file = tmp_path / "export.json"
    file.write_bytes(gzip.compress(lines) if packed else lines)
    return Remark42(file)


@pytest.mark.parametrize("packed", [True, False])
def test_comments_come_along_nested(tmp_path: Path, target: Target, *, packed: bool) -> None:
    uuid = "f863bd79-fec6-4a75-b308-61fe5dd02aa1"
    source = export(
        tmp_path,
        HEAD,
        comment("efbc17"),
        comment("gone", pid="efbc17", text="", delete=True),
        comment(uuid, pid="gone", user={"name": "Ann", "admin": True}),
        comment("lost", locator={"url": "https://old.example/lost/"}),
        packed=packed,
    )
    report = target.take_from(source)
    assert report.added == {Status.APPROVED: 2}
    assert target.files() == {
        "first/efbc17.md": "author: Dave & Eve\ndate: 2012-03-14T09:26:53+00:00\n\n"
        "Networks *work* & more\n",
        f"first/{uuid}.md": "author: Ann\ndate: 2012-03-14T09:26:53+00:00\nreplyto: efbc17\n"
        "role: author\n\nNetworks *work* & more\n",
    }
    assert [(each.place, each.expected) for each in report.skipped] == [
        ("export.json:3", True),
        ("export.json:5", False),
    ]
    assert target.take_from(source).already == 2


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([HEAD, comment("1"), "words"], ":3: is no line"),
        ([HEAD | {"version": 2}], ":1: has version 2"),
        ([HEAD | {"version": [1]}], r":1: has version \[1\]"),
        ([comment("1")], ":1: does not begin"),
        ([], "is empty"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, lines: list[object], reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        list(export(tmp_path, *lines).read())


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    source = export(tmp_path, HEAD, comment("1"), packed=True)
    source.path.write_bytes(source.path.read_bytes()[:-20])
    with pytest.raises(ImportRefused):
        list(source.read())
    source = export(tmp_path, HEAD, comment("1"))
    source.path.write_bytes(source.path.read_bytes()[:-20])
    with pytest.raises(ImportRefused, match=":2: is no line"):
        list(source.read())
