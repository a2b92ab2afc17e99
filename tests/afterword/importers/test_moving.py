"""What an import writes, what it leaves alone, and what it says about it."""

import errno
import itertools
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.errors import AfterwordError, ImportRefused, StoreError, WriteError
from afterword.importers.findings import Response, Skipped, Thread, Wording
from afterword.importers.survey import MAX_BYTES, MAX_HTML_BYTES
from afterword.model import Kind, Status
from afterword.moderation import Press
from afterword.store import Addition
from afterword.store.memory import MemoryStore
from afterword.submission import Submission
from tests.afterword.importers.conftest import (
    DATE,
    THREAD,
    Given,
    Target,
    entry,
    response,
)
from tests.afterword.store.conftest import NOW, Clock

FILE = """author: Dave
date: 2012-03-14T09:26:53+00:00

Networks *work*.
"""


def test_what_is_published_there_is_published_here_under_its_old_number(target: Target) -> None:
    report = target.take(response(17))
    assert target.files() == {"first/17.md": FILE}
    assert report.added == {Status.APPROVED: 1}
    assert report.clean
    assert target.get("17").email == "dave@example.org"
    assert target.get("17").settled
    (row,) = target.store.history("17")
    assert (row.door, row.by, row.why) == ("import", "somebody", "imported from given")


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.TRASH])
def test_what_is_not_published_goes_to_the_queue_in_its_state(
    target: Target, status: Status
) -> None:
    report = target.take(response(17, status=status))
    assert target.files() == {}
    assert report.added == {status: 1}
    assert (target.get("17").status, target.get("17").email) == (status, "dave@example.org")


def test_kinds_parents_and_the_mark_of_the_author_come_along(target: Target) -> None:
    target.take(
        response(17, website="example.org/x y"),
        response(18, parent="17", by_author=True),
        response(19, kind=Kind.PINGBACK, author=" Some\nsite "),
    )
    assert "website: http://example.org/x%20y\n" in target.files()["first/17.md"]
    assert "replyto: 17\nrole: author\n" in target.files()["first/18.md"]
    assert target.files()["first/19.md"].startswith("author: Some site\n")
    assert "kind: pingback\n" in target.files()["first/19.md"]


def test_a_second_run_adds_nothing(target: Target) -> None:
    findings = (response(17), response(18, parent="17"), response("x y"), response(19, date=None))
    target.take(*findings)
    before = target.files()
    report = target.take(*findings)
    assert (report.already, report.added) == (4, {})
    assert target.files() == before
    assert target.store.changes().made == 4


def test_a_dry_run_writes_nothing_and_says_the_same(target: Target) -> None:
    findings = (response(17), response("x y", status=Status.SPAM), response(18, thread="gone"))
    tried = target.take(*findings, dry_run=True)
    assert target.files() == {}
    assert target.store.get("17") is None
    done = target.take(*findings)
    assert replace(tried, dry_run=False) == done
    assert tried.dry_run


def test_what_an_interrupted_run_has_not_published_the_next_one_does(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Press, comments: Sequence[object]) -> Sequence[AfterwordError]:
        return [WriteError(self.root, "disk full") for _ in comments]

    with monkeypatch.context() as patch:
        patch.setattr(Press, "add", fail)
        report = target.take(response(17))
    assert not report.clean
    assert "disk full" in report.skipped[0].reason
    assert target.files() == {}
    again = target.take(response(17))
    assert (again.already, again.clean) == (1, True)
    assert target.files() == {"first/17.md": FILE}
    assert target.get("17").settled


def test_a_full_disk_stops_an_import_which_goes_on_when_there_is_room(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link
    calls = itertools.count()

    def fail(source: Path, path: Path) -> None:
        if next(calls) > 300:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(source, path)

    findings = [response(n) for n in range(600)]
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", fail)
        with pytest.raises(WriteError, match="No space left"):
            target.take(*findings)
    assert 250 < len(target.files()) < 500
    assert len(target.store.unsettled()) == 500 - len(target.files())
    target.take(*findings)
    assert len(target.files()) == 600
    assert target.store.unsettled() == ()


def test_a_folder_that_nobody_may_write_to_stops_an_import(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    (target.root / "comments").mkdir()
    real = Path.mkdir

    def fail(path: Path, *how: Any, **more: Any) -> None:  # noqa: ANN401  # as it is called
        if path.name == "first":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        real(path, *how, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", fail)
        with pytest.raises(WriteError, match="Read-only file system"):
            target.take(response(17), response(18))
    assert target.take(response(17), response(18)).already == 2
    assert target.files().keys() == {"first/17.md", "first/18.md"}


def test_an_import_goes_on_where_it_was_interrupted(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = [response(n, parent=str(n - 1)) for n in range(1, 601)]
    real, calls = target.store.add_all, []

    def fail(additions: Sequence[Addition]) -> Sequence[Submission | AfterwordError]:
        calls.append(len(additions))
        if len(calls) == 2:
            raise StoreError("disk full")
        return real(additions)

    with monkeypatch.context() as patch:
        patch.setattr(target.store, "add_all", fail)
        with pytest.raises(StoreError):
            target.take(*findings)
    assert 0 < len(target.files()) < 600
    report = target.take(*findings)
    assert report.already + report.added[Status.APPROVED] == 600
    assert len(target.files()) == 600
    assert "replyto: 599\n" in target.files()["first/600.md"]
    assert target.store.unsettled() == ()


def test_what_moderators_did_since_stays(target: Target) -> None:
    target.take(response(17))
    now = target.get("17")
    path = target.root / "comments/first/17.md"
    path.unlink()
    trashed = replace(now, status=Status.TRASH, revision=2)
    (row,) = target.store.history("17")
    target.store.change(trashed, row)
    for wish in ({}, {"update": True}):
        target.take(response(17, body="Other words."), **wish)
        assert target.files() == {}
        assert target.get("17").status is Status.TRASH


def test_words_are_overwritten_only_when_asked_for(target: Target) -> None:
    target.take(response(17), response(18))
    changed = (response(17, body="Other words."), response(18))
    assert target.take(*changed).already == 2
    assert target.files()["first/17.md"] == FILE
    tried = target.take(*changed, update=True, dry_run=True)
    assert target.files()["first/17.md"] == FILE
    report = target.take(*changed, update=True)
    assert (tried.updated, report.updated, report.already) == (1, 1, 1)
    assert target.files()["first/17.md"].endswith("\nOther words.\n")
    assert target.get("17").settled


def test_what_was_erased_stays_erased(target: Target) -> None:
    target.take(response(17, status=Status.PENDING))
    target.store.erase("dave@example.org")
    report = target.take(response(17, status=Status.PENDING), update=True)
    assert (report.already, report.updated) == (1, 0)
    assert target.get("17").body == ""


def test_what_was_deleted_for_good_does_not_come_back(target: Target) -> None:
    target.take(response(17, status=Status.SPAM))
    target.store.expire(NOW, NOW)
    report = target.take(response(17, status=Status.SPAM))
    assert target.store.get("17") is None
    assert report.skipped == [
        Skipped("file: 17", "17 was here and has been deleted for good", expected=True)
    ]


def test_a_file_that_is_there_is_never_touched(target: Target) -> None:
    target.take(response(17))
    path = target.root / "comments/first/18.md"
    path.write_text("author: Somebody\ndate: 2020-01-01\n\nBy hand.\n", encoding="utf-8")
    (target.root / "comments/first/19.md").write_text("no response", encoding="utf-8")
    report = target.take(response(18), response(19))
    assert path.read_text(encoding="utf-8").endswith("By hand.\n")
    assert report.added == {Status.APPROVED: 2}
    new = [each.id for each in report.changed]
    assert [each.rpartition("-")[0] for each in new] == ["18", "19"]
    assert {f"first/{each}.md" for each in new} <= target.files().keys()


def test_a_published_file_is_known_again_by_its_number_and_date(target: Target) -> None:
    path = target.root / "comments/first/17.md"
    path.parent.mkdir(parents=True)
    path.write_text(FILE.replace("*work*", "*mend*"), encoding="utf-8")
    report = target.take(response(17))
    assert report.already == 1
    assert path.read_text(encoding="utf-8") == FILE.replace("*work*", "*mend*")
    # Now the queue knows whose it is, and the words that are published.
    assert target.get("17").email == "dave@example.org"
    assert target.get("17").body == "Networks *mend*."


def test_numbers_of_another_source_get_new_ones_the_same_each_time(target: Target) -> None:
    target.take(response(17))
    other = Given((THREAD, response(17, date=DATE.replace(year=2013), body="Mine.")), "other")
    first, second = target.take_from(other), target.take_from(other)
    assert first.added == {Status.APPROVED: 1}
    assert (second.already, second.added) == (1, {})
    assert target.files()["first/17.md"] == FILE
    assert len(target.files()) == 2


def test_numbers_that_are_given_anew_in_each_thread_stay_anchors(target: Target) -> None:
    target.entries = {"first": entry("first"), "second": entry("second")}
    other = Thread("u", "file", url="/second/")
    findings = (
        response(1),
        other,
        response(1, thread="u", body="Another."),
        response(2, parent="1"),
        response(3, thread="u", parent="1"),
        response(2, thread="u", status=Status.PENDING),
    )
    report = target.take(*findings)
    assert report.added == {Status.APPROVED: 4, Status.PENDING: 1}
    assert target.files().keys() == {"first/1.md", "first/2.md", "second/1.md", "second/3.md"}
    assert "replyto: 1\n" in target.files()["second/3.md"]
    # The queue has one of each number.
    assert target.get("1").entry == "first"
    assert [each.why for each in report.changed[:2]] == [
        "is a file alone: in the queue, its number is another's",
        "its e-mail address does not come along",
    ]
    before = target.files()
    again = target.take(*findings, update=True)
    assert (again.already, again.updated, again.added) == (5, 0, {})
    assert target.files() == before
    changed = response(1, thread="u", body="Yet another.")
    assert target.take(response(1), other, changed).already == 2
    assert target.files() == before
    assert target.take(response(1), other, changed, update=True).updated == 1
    assert target.files()["second/1.md"].endswith("Yet another.\n")
    assert target.files()["first/1.md"] == before["first/1.md"]


def test_what_stands_in_a_source_twice_comes_once(target: Target) -> None:
    other = response(17, body="Another with its number.", status=Status.PENDING)
    report = target.take(response(17), response(17), other)
    assert report.added == {Status.APPROVED: 1, Status.PENDING: 1}
    assert report.clean
    assert [each.reason for each in report.skipped] == ["stands in the source twice"]
    again = target.take(response(17), response(17), other)
    assert (again.already, len(again.skipped)) == (2, 1)


@pytest.mark.parametrize("old", ["../../etc/passwd", "a/b", "", "-x", "x" * 65, "é", ".", "a b"])
def test_ids_that_cannot_name_a_file_are_replaced(target: Target, old: str) -> None:
    report = target.take(response(old), response("reply", parent=old))
    assert report.added == {Status.APPROVED: 2}
    (new,) = {name for name in target.files() if name != "first/reply.md"}
    stem = new.removeprefix("first/").removesuffix(".md")
    assert f"replyto: {stem}\n" in target.files()["first/reply.md"]
    assert {path.name for path in target.root.iterdir()} == {"comments", "lock"}


def test_threads_without_an_entry_are_skipped_or_kept(target: Target) -> None:
    lost = Thread("u", "file", url="https://old.example/2012/Größe.html?x=1")
    skipped = target.take(lost, response(17, thread="u"))
    assert not skipped.clean
    assert skipped.skipped[0].place == "file: 17"
    assert lost.url in skipped.skipped[0].reason
    assert target.files() == {}
    assert target.take(lost, response(17, thread="u"), keep=True).clean
    assert target.files() == {"2012/Größe/17.md": FILE}


def test_responses_without_a_thread_and_those_that_are_too_large_are_skipped(
    target: Target,
) -> None:
    report = target.take(
        response(1, thread="gone"),
        response(2, body="x" * (MAX_BYTES + 1)),
        response(3, author="x" * (MAX_BYTES + 1)),
        response(4, body="<b>" * MAX_HTML_BYTES, wording=Wording.HTML),
    )
    assert target.files() == {}
    assert [each.place for each in report.skipped] == [f"file: {n}" for n in (1, 2, 3, 4)]


def test_html_becomes_markdown_and_what_cannot_come_along_is_named(target: Target) -> None:
    report = target.take(
        response(17, body="<p>Hello <b>World</b></p>", wording=Wording.HTML, author="\0"),
        response(18, website="ftp://x", body="a\0\r\nb", date=None, notes=("has 3 votes",)),
    )
    assert target.files()["first/17.md"].startswith("author: Anonymous\n")
    assert target.files()["first/17.md"].endswith("\n\nHello **World**\n")
    assert target.files()["first/18.md"].endswith("\n\na\nb\n")
    assert [(each.id, each.why) for each in report.changed] == [
        ("17", "has no name"),
        ("18", "has no date; takes 2012-03-14T09:26:53+00:00"),
        ("18", "has 3 votes"),
        ("18", "its website is no web address: ftp://x"),
        ("18", "had control characters"),
    ]
    assert report.clean


def test_relative_links_lead_from_the_old_page_and_line_ends_can_count(target: Target) -> None:
    words = '<a href="../b/">b</a>\nc'
    target.take(response(17, body=words, wording=Wording.LINES))
    assert target.files()["first/17.md"].endswith("\n\n[b](https://old.example/b/)\nc\n")


def test_nothing_is_written_of_a_source_that_is_broken_at_its_end(target: Target) -> None:
    class Broken(Given):
        def read(self):  # type: ignore[no-untyped-def]  # as in Given  # noqa: ANN202
            yield from super().read()
            raise ImportRefused(target.root, 9, "ends too early")

    with pytest.raises(ImportRefused, match=":9: ends too early; nothing was imported"):
        target.take_from(Broken((THREAD, response(17))))
    assert target.files() == {}
    assert target.store.get("17") is None


def test_the_report_is_for_people_and_for_scripts(target: Target) -> None:
    gone = [response(n, thread="gone\x1b[2J") for n in range(30)]
    expected = Skipped("file: 99", "was deleted there", expected=True)
    report = target.take(response("x y"), expected, *gone, dry_run=True)
    lines = report.lines()
    assert lines[-1] == (
        "given: 32 read; would be 1 added (1 approved), 0 there already, 31 skipped"
    )
    assert "skipped: was deleted there" in lines
    assert "  and 10 more; --json lists them all" in lines
    assert "\x1b" not in "".join(lines)
    data = report.as_data()
    assert len(data["skipped"]) == 31
    assert data["skipped"][0]["expected"]
    assert data["threads"][0] == {
        "thread": "t",
        "url": "https://old.example/first/",
        "entry": "first",
        "how": "by its address",
    }


IDS = st.sampled_from(["1", "2", "A", "a", "0", "-1", "x y", "../1", "", "\ud800", "9" * 80])
DATES = st.sampled_from(
    [None, DATE, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
RESPONSES = st.builds(
    replace,
    st.just(response("1")),
    thread=st.sampled_from(["t", "other", "gone"]),
    id=IDS,
    parent=st.none() | IDS,
    author=st.sampled_from(["Dave", "", "\u202e\x1b[2J", "dave@example.org"]),
    body=st.sampled_from(["Words.", "", "<![x>", f"&#{'9' * 5000};", "{attach}/x\r\n"]),
    website=st.sampled_from(["", "http://[", "javascript:x()", "x.example"]),
    source=st.sampled_from([None, "http://[", "https://x.example/"]),
    date=DATES,
    status=st.sampled_from(Status),
    wording=st.sampled_from(Wording),
    alone=st.booleans(),
    ours=st.booleans(),
)
OTHERS = st.builds(
    Skipped, st.just("file"), st.just("why"), thread=st.just("t"), id=IDS, parent=st.none() | IDS
)


@settings(max_examples=40)
@given(st.lists(RESPONSES | OTHERS, max_size=12))
def test_whatever_there_is_comes_once_or_is_named(
    tmp_path_factory: pytest.TempPathFactory, found: list[Response | Skipped]
) -> None:
    target = Target(tmp_path_factory.mktemp("site"), MemoryStore(Clock()))
    other = Thread("other", "file", url="https://old.example/../other/")
    first = target.take(other, *found, keep=True)
    files = target.files()
    again = target.take(other, *found, keep=True)
    assert first.read == again.read == len(found)
    assert (sum(again.added.values()), again.updated) == (0, 0)
    assert len(again.skipped) == len(first.skipped)
    assert target.files() == files
