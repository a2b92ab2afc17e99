"""Readers that are asked only if it is not known what they would find."""

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pelican.contents import Article
from pelican.log import LimitFilter
from pelican.readers import BaseReader, Readers
from pelican.settings import read_settings

from incremental.knowledge import Knowledge
from incremental.masters import Masters
from incremental.observing import BARE, Observer
from incremental.parsed import Parsed


class OwnReader(BaseReader):  # type: ignore[misc]  # Pelican's has no type
    """Reads files of a kind of its own, and another one beside them."""

    enabled = True
    file_extensions = ("own",)
    asked = 0

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return a text and metadata, and count how often that was asked for."""
        type(self).asked += 1
        metadata, _, text = Path(source_path).read_text().partition("\n\n")
        found = dict(line.split(": ", 1) for line in metadata.splitlines())
        if found.pop("odd", ""):
            logging.getLogger("own").warning("this is odd")
        if other := found.pop("beside", ""):
            text += Path(source_path).with_name(other).read_text()
        return text, {name: self.process_metadata(name, value) for name, value in found.items()}


class Blog:
    """Files, and processes that read them one after the other."""

    def __init__(self, root: Path, ends: ExitStack) -> None:
        self.root = root
        self.today = date(2026, 1, 5)
        self._ends = ends
        OwnReader.asked = 0
        self.begin()

    def begin(self, *, trusting: bool = True) -> None:
        """Begin with another process."""
        self._ends.close()
        parsed = self._ends.enter_context(Parsed.open(self.root.with_name("parsed.sqlite3")))
        settings = read_settings(
            override={"PATH": str(self.root), "READERS": {"own": OwnReader}, "TIMEZONE": "UTC"}
        )
        self.readers = Readers(settings)
        self.knowledge = Knowledge(parsed, Masters(), settings, self.today)
        self.knowledge.begin()
        self.observer = Observer(self.readers, self.knowledge)
        self.observer.take_over()
        self.observer.is_trusting = trusting

    def write(self, text: str, name: str = "one.own") -> None:
        (self.root / name).write_text(text)

    def read(self, name: str = "one.own", *, keep: bool = True) -> Any:  # noqa: ANN401  # Pelican's
        """Read a file; return what comes of it."""
        self.observer.begin()
        found = self.readers.read_file(str(self.root), name, Article)
        if keep:
            self.observer.settle(str(self.root / name))
        return found


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Blog]:
    """A blog of files that were written long ago."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60_000_000_000)
    (tmp_path / "content").mkdir()
    with ExitStack() as ends:
        blog = Blog(tmp_path / "content", ends)
        blog.write("title: One\ndate: 2026-01-02\n\nText.")
        yield blog


def test_a_file_is_read_once(blog: Blog) -> None:
    first = blog.read()
    for _ in range(2):
        blog.begin()
        found = blog.read()
        assert (found.title, found.date, found._content) == ("One", first.date, "Text.")
    assert OwnReader.asked == 1


def test_a_file_that_changes_is_read_anew(blog: Blog) -> None:
    blog.read()
    blog.write("title: Two\ndate: 2026-01-02\n\nText.")
    blog.begin()
    assert blog.read().title == "Two"
    blog.begin()
    assert blog.read().title == "Two"
    assert OwnReader.asked == 2


def test_what_readers_found_is_for_whoever_gets_it_alone(blog: Blog) -> None:
    blog.read()
    blog.begin()
    blog.read().metadata["title"] = "Spoilt"
    assert blog.read().metadata["title"] == "One"


def test_where_others_take_part_in_reading_nothing_is_known(blog: Blog) -> None:
    blog.read()
    blog.begin(trusting=False)
    blog.read()
    blog.begin()
    blog.read()
    assert OwnReader.asked == 2


def test_what_is_dropped_is_not_kept(blog: Blog) -> None:
    path = str(blog.root / "one.own")
    blog.read(keep=False)
    assert blog.observer.basis(path) is not None
    blog.observer.drop(path)
    blog.observer.settle_all()
    assert blog.knowledge.known((BARE, path)) is None
    blog.read(keep=False)
    blog.observer.settle_all()
    assert blog.knowledge.known((BARE, path)) is not None


@pytest.mark.parametrize(("written", "is_whole"), [("2026-01-02", True), ("03:04", False)])
def test_a_date_that_leaves_out_the_day_is_good_for_one(
    blog: Blog, written: str, *, is_whole: bool
) -> None:
    blog.write(f"title: One\ndate: {written}\n\nText.")
    blog.read()
    assert blog.observer.is_whole_day() == is_whole
    blog.begin()
    blog.read()
    assert OwnReader.asked == 1
    blog.today = date(2026, 1, 6)
    blog.begin()
    blog.read()
    assert OwnReader.asked == (1 if is_whole else 2)


def test_whoever_looks_at_another_file_is_asked_by_each_process(blog: Blog) -> None:
    blog.write("title: One\nbeside: other\n\nText.")
    blog.write(" And more.", "other")
    assert blog.read()._content == "Text. And more."
    blog.write(" And less.", "other")
    blog.begin()
    assert blog.read()._content == "Text. And less."


def test_what_was_said_is_said_again(blog: Blog, caplog: pytest.LogCaptureFixture) -> None:
    blog.write("title: One\nodd: yes\n\nText.")
    for _ in range(2):
        caplog.clear()
        LimitFilter._raised_messages.clear()
        blog.read()
        assert [record.getMessage() for record in caplog.records] == ["this is odd"]
        blog.begin()
    assert OwnReader.asked == 1
