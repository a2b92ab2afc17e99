"""What is exported makes the same site elsewhere, whatever the site is like, in both formats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.importers.export import Export
from afterword.importers.findings import Source
from afterword.importers.generic import GenericJson
from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.writer import Writer
from afterword.model import Comment, Kind, Status
from afterword.store import Query
from afterword.store.memory import MemoryStore
from afterword.submission import Submission
from tests.afterword.importers.conftest import Target
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import received
from tests.afterword.test_commentfile import bodies, lines, websites

# Few, so that threads share some; WordPress can keep only some of them as they are.
IDS = ("1", "2", "17", "007", "a", "k3x9-2_b", "99999999999999999999")
HOSTILE = (
    "]]>",
    "<script>alert(1)</script>",
    "&amp; &#0; &lt;",
    "  a",
    "\u2028 \U0001f44d\U0001f3fd",
    "{attach}../x",
    "```\n<b>",
)


@dataclass(frozen=True)
class Made:
    """A response of a site, and how it got there.

    Its file may have been written by hand (``queued`` is not), or edited or removed by hand
    since it was approved; or the last decision about it is not carried out yet (``settled`` is
    not).
    """

    comment: Comment
    status: Status
    email: str
    queued: bool
    edited: str | None
    removed: bool
    settled: bool

    @property
    def row(self) -> Submission:
        return _row(self.comment, status=self.status, email=self.email, settled=self.settled)

    @property
    def file(self) -> Comment | None:
        """What its file says, if it has one."""
        if self.queued and (self.status is not Status.APPROVED or not self.settled or self.removed):
            return None
        return self.comment if self.edited is None else replace(self.comment, body=self.edited)


def _row(comment: Comment, **state: object) -> Submission:
    fields = {name: getattr(comment, name) for name in Comment.__dataclass_fields__}
    return Submission(**fields, **state)  # type: ignore[arg-type]  # what a test wants


SITES = st.lists(
    st.builds(
        Made,
        comment=st.builds(
            Comment,
            entry=st.sampled_from(["first", "2012/second", "größe"]),
            id=st.sampled_from(IDS),
            author=lines,
            date=st.datetimes(timezones=st.just(UTC)),
            body=bodies | st.sampled_from(HOSTILE),
            website=st.none() | websites,
            replyto=st.none() | st.sampled_from(IDS),
            kind=st.sampled_from(Kind),
            by_author=st.booleans(),
            source=st.none() | websites,
        ),
        status=st.sampled_from(Status),
        email=st.emails() | st.just(""),
        queued=st.integers(0, 3).map(bool),
        edited=st.none() | bodies,
        removed=st.integers(0, 3).map(lambda n: n == 0),
        settled=st.integers(0, 3).map(bool),
    ),
    max_size=10,
)


def make(root: Path, site: Sequence[Made]) -> Target:
    """A site with as many of these as can be at once: each file and each row is there once."""
    target = Target(root, MemoryStore(Clock()))
    rows: set[str] = set()
    files: set[tuple[str, str]] = set()
    for each in site:
        place = (each.comment.entry, each.comment.id)
        if place in files or (each.queued and each.comment.id in rows):
            continue
        files.add(place)
        if each.file:
            assert target.transfer.press.add([each.file]) == [None]
        if each.queued:
            rows.add(each.comment.id)
            target.store.add(each.row, received(each.row))
    return target


def given_back(site: Target, file: Path) -> Iterator[Source]:
    """Export a site in both formats, and yield what an import reads."""
    export = Export(site.root / "comments", site.store, site.entries)
    json = file.with_suffix(".json")
    json.write_text("\n".join(export.lines()), encoding="utf-8", newline="")
    yield GenericJson(json)
    writer = Writer("A Blog", "https://blog.example", site.entries, export.alone)
    xml = file.with_suffix(".xml")
    xml.write_text("\n".join(writer.lines(export.records())), encoding="utf-8", newline="")
    yield WordPress((xml,), Desk({"post": "posts", "page": "pages"}))


def queue(site: Target) -> dict[str, Submission]:
    """Its rows, as if all decisions had been carried out."""
    found = site.store.find(Query(limit=1_000_000)).submissions
    return {each.id: replace(each, settled=True) for each in found}


def expected(site: Target) -> dict[str, Submission]:
    """What the queue has to hold elsewhere: what is published has the words of its file."""
    rows = queue(site)
    waiting = {each.id for each in site.store.unsettled()}
    for name in rows.keys() - waiting:
        row = rows[name]
        if here := site.transfer.press.read(row.entry, row.id):
            rows[name] = _row(here, status=Status.APPROVED, email=row.email)
        elif row.status is Status.APPROVED:
            rows[name] = replace(row, status=Status.TRASH)
    return rows


@given(SITES)
@settings(max_examples=60)
def test_a_site_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, responses: list[Made]
) -> None:
    root = tmp_path_factory.mktemp("sites")
    site = make(root / "one", responses)
    wanted = expected(site)
    # Approved, and interrupted before there was a file.
    waiting = {f"{each.entry}/{each.id}.md" for each in site.store.unsettled()}
    for source in given_back(site, root / "out"):
        other = Target(root / source.name, MemoryStore(Clock()), {})
        report = other.take_from(source, keep=True)
        assert report.skipped == []
        files, found = other.files(), queue(other)
        assert {name: files[name] for name in files.keys() - waiting} == site.files()
        assert {name: found[name] for name in wanted} == wanted
        # What was written by hand is known to the queue now, where its number was nobody's.
        by_hand = [found[name] for name in found.keys() - wanted.keys()]
        assert all(f"{each.entry}/{each.id}.md" in site.files() for each in by_hand)
        for each in found.values():
            assert (f"{each.entry}/{each.id}.md" in files) == (each.status is Status.APPROVED)
        again = other.take_from(source, keep=True)
        assert again.already == again.read
        assert other.files() == files


def test_a_number_that_threads_share_is_given_once_in_wordpress(target: Target) -> None:
    first = Comment(entry="a", id="1", author="Dave", date=Clock()(), body="One.")
    second = replace(first, id="2", replyto="1")
    there = [replace(each, entry="b") for each in (first, second)]
    target.transfer.press.add([first, second, *there])
    for each in there:
        row = _row(each, status=Status.APPROVED)
        target.store.add(row, received(row))
    export = Export(target.root / "comments", target.store, {})
    assert [each.get("alone", False) for each in export.records()] == [True, True, False, False]
    text = "\n".join(Writer("", "", {}, export.alone).lines(export.records()))
    numbers = [part.split("<")[0] for part in text.split("<wp:comment_id>")[1:]]
    parents = [part.split("<")[0] for part in text.split("<wp:comment_parent>")[1:]]
    assert numbers[2:] == ["1", "2"]
    assert len(set(numbers)) == 4
    assert parents == ["0", numbers[0], "0", "1"]
