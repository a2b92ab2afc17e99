"""The folders of older comment plugins for Pelican."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from afterword.importers.folder import CommentsFolder
from afterword.model import Status
from tests.afterword.importers.conftest import Target, entry

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    for name, text in {
        "first/1.md": "date: 2012-3-14 10:26\nauthor: Dave\nemail: dave@example.org\n"
        "website: https://example.org\nmood: good\n\nNetworks *work*.\n\nYes.\n",
        "first/2.md": "Author: Eve\r\nDate: 2012-03-15T09:00:00+00:00\r\nreplyto: 1md\r\n"
        "\r\nNo.\r\n",
        "first/Third Answer.html": "<html><head><title>x</title><meta name='author' content='Ann'>"
        "<meta name='date' content='2012-03-16'><meta name='replyto' content='2md'></head>"
        "<body><p>Well, <b>yes</b>.</p></body></html>",
        "first/4.rst": "Title\n#####\n\n:author: Bob\n:date: 2012-07-17 12:00\n:slug: four\n\n"
        "A ``literal``.\n",
        "first/5.md": "---\nauthor: Fay\ndate: 2012-03-18\n---\nFenced.\n",
        "2012/second/1.md": "author: Gus\ndate: nobody knows\n\nElsewhere.\n",
        "first/readme.txt": "no comment",
        "first/6.md": "Only words.\n",
        "first/.hidden.md": "author: x\n\nx\n",
        "third.md": "All comments of a post.\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (tmp_path / "private.md").write_text("author: Owner\ndate: 2012-03-18\n\nA secret.\n")
    (folder / "first/7.md").symlink_to(tmp_path / "private.md")
    (folder / "first/8.md").write_bytes(b"author: \xff\n\nx\n")
    return folder


def test_comments_keep_their_anchors_and_threads(old: Path, target: Target) -> None:
    target.entries = {"first": entry("first"), "2012/second": entry("2012/second")}
    report = target.take_from(CommentsFolder(old, BERLIN))
    assert report.added == {Status.APPROVED: 6}
    files = target.files()
    assert files["first/1md.md"] == (
        "author: Dave\ndate: 2012-03-14T09:26:00+00:00\nwebsite: https://example.org\n\n"
        "Networks *work*.\n\nYes.\n"
    )
    assert files["first/2md.md"] == (
        "author: Eve\ndate: 2012-03-15T09:00:00+00:00\nreplyto: 1md\n\nNo.\n"
    )
    assert files["first/third-answerhtml.md"] == (
        "author: Ann\ndate: 2012-03-15T23:00:00+00:00\nreplyto: 2md\n\nWell, **yes**.\n"
    )
    assert files["first/four.md"] == (
        "author: Bob\ndate: 2012-07-17T10:00:00+00:00\n\nA ``literal``.\n"
    )
    assert files["first/5md.md"].endswith("\n\nFenced.\n")
    # Each post has a first comment, and the queue one of them: the other is a file alone.
    assert files["2012/second/1md.md"].startswith("author: Gus\n")
    assert target.get("1md").entry == "2012/second"
    assert target.get("four").author == "Bob"
    assert {each.why for each in report.changed} >= {
        "its 'mood' does not come along",
        "is reStructuredText; its markup is shown as it is",
    }
    assert target.take_from(CommentsFolder(old, BERLIN)).already == 6


def test_what_is_no_comment_is_named(old: Path, target: Target) -> None:
    report = target.take_from(CommentsFolder(old, BERLIN), keep=True)
    assert {each.place for each in report.skipped} == {
        "first/readme.txt",
        "first/6.md",
        "first/7.md",
        "first/8.md",
        "third.md",
    }
    assert not report.clean
    assert "A secret." not in "".join(target.files().values())


def test_what_would_never_end_is_not_opened(old: Path, target: Target) -> None:
    os.mkfifo(old / "first/9.md")
    report = target.take_from(CommentsFolder(old, BERLIN))
    assert "first/9.md" in [each.place for each in report.skipped]


def test_what_is_no_date_or_no_character_is_no_obstacle(tmp_path: Path, target: Target) -> None:
    folder = tmp_path / "old/first"
    folder.mkdir(parents=True)
    (folder / "1.md").write_text("author: A\ndate: 0001-01-01 00:00 +14:00\n\nWords.\n")
    endless = f"&#{'9' * 5000};"
    (folder / "2.html").write_text(f"<meta name='author' content='B'><body>{endless}</body>")
    report = target.take_from(CommentsFolder(folder.parent, BERLIN))
    assert report.added == {Status.APPROVED: 2}
