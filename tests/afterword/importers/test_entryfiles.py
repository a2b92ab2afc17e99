"""Posts and pages that come along with their responses."""

from dataclasses import replace

import pytest

from afterword.importers.findings import Entry, Page, Thread
from afterword.model import Status
from tests.afterword.importers.conftest import Given, Target, response

PAGE = Page(
    metadata=(
        ("Title", "Old\npost"),
        ("Date", "2012-03-14 09:26"),
        ("Category", ""),
        ("Guid", "https://old.example/?p=12"),
    ),
    body="\nWords.\r\n\nMore words.\n\n",
)
POST = Entry(
    thread=Thread("12", "export: post 12", url="https://old.example/?p=12", key="old-post"),
    file="posts/old-post.md",
    page=lambda: PAGE,
)
TEXT = """Title: Old post
Date: 2012-03-14 09:26
Guid: https://old.example/?p=12

Words.

More words.
"""


def test_a_post_comes_along_with_its_responses(target: Target) -> None:
    given = Given((response(17, thread="12"), POST))  # in any order
    tried = target.take_from(given, dry_run=True)
    assert not (target.root / "content").exists()
    report = target.take_from(given)
    assert (target.root / "content/posts/old-post.md").read_bytes() == TEXT.encode()
    assert target.files().keys() == {"old-post/17.md"}
    assert (report.entries, report.added) == (1, {Status.APPROVED: 1})
    assert replace(tried, dry_run=False) == report
    assert "1 posts, pages and descriptions added" in report.lines()[-1]
    again = target.take_from(given)
    assert (again.already, again.entries, again.added) == (2, 0, {})


GUID = "https://old.example/?p=12"
KNOWN = replace(POST, guid=GUID)


def test_a_post_that_was_renamed_is_known_by_what_feeds_call_it(target: Target) -> None:
    renamed = target.root / "content/posts/2012/new-name.md"
    renamed.parent.mkdir(parents=True)
    renamed.write_text(f"Title: New\nSlug: new-name\nGuid: {GUID}\n\nMine.\n")
    report = target.take_from(Given((response(17, thread="12"), KNOWN)))
    assert [each.reason for each in report.skipped] == [
        "is on the site already, in posts/2012/new-name.md"
    ]
    assert report.clean
    assert [each.name for each in (target.root / "content/posts").rglob("*.md")] == ["new-name.md"]
    assert target.files().keys() == {"new-name/17.md"}
    other = replace(KNOWN, guid=f"{GUID}0", page=lambda: replace(PAGE, metadata=()))
    assert target.take_from(Given((other,))).entries == 1


@pytest.mark.parametrize(
    "lines",
    ["Title: New\nDate: 2012-03-14 09:26\nSlug: new-name", "Comments: new-name\nDate: 2013-01-01"],
)
def test_a_post_may_be_called_otherwise_in_its_old_file(target: Target, lines: str) -> None:
    file = target.root / "content/posts/old-post.md"
    file.parent.mkdir(parents=True)
    file.write_text(f"{lines}\nGuid: {GUID}\n\nMine.\n")
    given = Given((response(17, thread="12"), KNOWN))
    report = target.take_from(given)
    assert (report.already, report.skipped) == (1, [])
    assert file.read_text().endswith("Mine.\n")
    assert target.files().keys() == {"new-name/17.md"}
    assert target.take_from(given, update=True).updated == 1
    assert file.read_text() == TEXT


def test_a_copy_of_a_post_is_not_taken_for_it(target: Target) -> None:
    given = Given((response(17, thread="12"), KNOWN))
    target.take_from(given)
    copy = target.root / "content/posts/a-copy.md"
    copy.write_text(f"Title: Copy\nSlug: copy\nGuid: {GUID}\n\nMine.\n")
    report = target.take_from(given)
    assert (report.already, report.skipped) == (2, [])
    assert target.files().keys() == {"old-post/17.md"}


def test_a_post_is_converted_once(target: Target) -> None:
    calls = []

    def page() -> Page:
        calls.append(1)
        return PAGE

    target.take_from(Given((replace(POST, page=page),)))
    assert len(calls) == 1
    target.take_from(Given((replace(POST, page=page),)))
    assert len(calls) == 2


def test_a_post_that_was_edited_since_stays_unless_told_otherwise(target: Target) -> None:
    target.take_from(Given((POST,)))
    path = target.root / "content/posts/old-post.md"
    path.write_text(TEXT.replace("Words", "Mended words"))
    assert target.take_from(Given((POST,))).already == 1
    assert "Mended words." in path.read_text()
    assert target.take_from(Given((POST,)), update=True, dry_run=True).updated == 1
    assert "Mended words." in path.read_text()
    assert target.take_from(Given((POST,)), update=True).updated == 1
    assert path.read_text() == TEXT


@pytest.mark.parametrize("text", ["Title: Mine\nDate: 2020-01-01\n\nMine.\n", "Mine.", ""])
def test_another_post_is_never_overwritten(target: Target, text: str) -> None:
    path = target.root / "content/posts/old-post.md"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    report = target.take_from(Given((POST,)), update=True)
    assert path.read_text() == text
    assert not report.clean
    assert report.skipped[0].place == "export: post 12"


@pytest.mark.parametrize(
    "file",
    ["../outside.md", "/etc/x.md", "posts/.x.md", "posts/x.html", "posts/\x00.md", "a//b.md"],
)
def test_a_file_lies_in_the_content_folder_or_nowhere(target: Target, file: str) -> None:
    report = target.take_from(Given((replace(POST, file=file),)))
    assert not report.clean
    assert not [path for path in target.root.rglob("*.md") if path.is_file()]
