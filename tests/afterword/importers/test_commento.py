"""Commento's export."""

import json
from pathlib import Path

import pytest

from afterword.errors import ImportRefused
from afterword.importers.commento import Commento
from afterword.model import Status
from tests.afterword.importers.conftest import Target

PERSON = {"commenterHex": "p1", "email": "dave@example.org", "name": "Dave", "link": "undefined"}


def comment(number: str, **more: object) -> dict[str, object]:
    return {
        "commentHex": number,
        "domain": "old.example",
        "url": "/first/",
        "commenterHex": "p1",
        "markdown": "Networks *work*.",
        "html": "",
        "parentHex": "root",
        "score": 1,
        "state": "approved",
        "creationDate": "2012-03-14T09:26:53Z",
        "deleted": False,
    } | more


def test_comments_come_along_with_who_wrote_them(tmp_path: Path, target: Target) -> None:
    file = tmp_path / "commento.json"
    comments = [
        comment("a" * 64),
        comment("b1", parentHex="a" * 64, commenterHex="anonymous", deleted=True),
        comment("b2", parentHex="b1", commenterHex="anonymous"),
        comment("b3", state="unapproved"),
        comment("b4", state="flagged", markdown="", html="<b>x</b>"),
        comment("b5", state="odd"),
    ]
    file.write_text(json.dumps({"version": 1, "comments": comments, "commenters": [PERSON]}))
    report = target.take_from(Commento(file))
    assert report.added == {Status.APPROVED: 2, Status.PENDING: 2}
    assert target.files() == {
        f"first/{'a' * 64}.md": "author: Dave\ndate: 2012-03-14T09:26:53+00:00\n\n"
        "Networks *work*.\n",
        "first/b2.md": "author: Anonymous\ndate: 2012-03-14T09:26:53+00:00\n"
        f"replyto: {'a' * 64}\n\nNetworks *work*.\n",
    }
    assert target.get("a" * 64).email == "dave@example.org"
    assert target.get("b4").body == "**x**"
    assert [(each.place, each.expected) for each in report.skipped] == [
        ("commento.json: comments, number 2", True),
        ("commento.json: comments, number 6", False),
    ]


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2}', '{"version": 1, "comments": [3]}'])
def test_what_is_no_export_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "commento.json"
    file.write_text(text)
    with pytest.raises(ImportRefused):
        list(Commento(file).read())


def test_a_real_export_comes_along(corpora: Path, target: Target) -> None:
    report = target.take_from(Commento(corpora / "remark42/commento.json"), keep=True)
    assert report.added == {Status.APPROVED: 3}
    texts = target.files()
    assert sorted(name.rpartition("/")[0] for name in texts) == ["blog/post/1"] * 2 + [
        "blog/post/2"
    ]
    assert sum("replyto: 7d77e39f" in text for text in texts.values()) == 1
