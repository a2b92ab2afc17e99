"""What can be answered right now: the list of the last build, whenever that was."""

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from afterword import entries
from afterword.book import Book
from afterword.entries import Entry, Listed
from afterword.errors import EntriesUnknown


def listing(*keys: str) -> str:
    """The list of a site with these entries, each with one response."""
    when = datetime(2026, 1, 2, tzinfo=UTC)
    url = "https://blog.example"
    found = [Entry(key, key.title(), f"{url}/{key}/", key, key, when, open=True) for key in keys]
    return entries.dump((each, json.dumps([f"{each.key}-1"])) for each in found)


def put(path: Path, text: str) -> None:
    """As a build does: aside, then renamed."""
    aside = path.with_suffix(".new")
    aside.write_text(text)
    aside.replace(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The list of a site with one entry."""
    found = tmp_path / "entries.json"
    found.write_text(listing("first"))
    return found


@pytest.fixture
def book(path: Path) -> Book:
    """What the service looks at."""
    return Book(lambda: path)


def test_an_entry_is_found_by_its_key(book: Book) -> None:
    found = book.find("first")
    assert found
    assert (found.entry.title, found.entry.url) == ("First", "https://blog.example/first/")
    assert found.ids == {"first-1"}
    assert book.find("second") is None
    assert book.find("") is None


def test_a_new_build_is_seen_at_once(book: Book, path: Path) -> None:
    assert set(book.entries()) == {"first"}
    put(path, listing("first", "second"))
    assert set(book.entries()) == {"first", "second"}
    put(path, listing("second"))
    assert book.find("first") is None


def test_a_new_build_is_seen_though_time_and_size_are_the_same(book: Book, path: Path) -> None:
    assert set(book.entries()) == {"first"}
    status = path.stat()
    put(path, listing("other"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert set(book.entries()) == {"other"}


def test_a_list_that_is_written_in_place_is_seen(book: Book, path: Path) -> None:
    assert set(book.entries()) == {"first"}
    path.write_text(listing("first", "second"))
    assert set(book.entries()) == {"first", "second"}


def test_a_list_that_lies_elsewhere_now_is_read_there(path: Path) -> None:
    other = path.with_name("other.json")
    other.write_text(listing("other"))
    places = [path, other, path]
    book = Book(lambda: places[0])
    seen: list[str] = []
    while places:
        seen += book.entries()
        places.pop(0)
    assert seen == ["first", "other", "first"]


def test_a_list_that_has_not_changed_is_read_once(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[Path] = []
    usual = entries.load

    def load(path: Path) -> Mapping[str, Listed]:
        times.append(path)
        return usual(path)

    monkeypatch.setattr(entries, "load", load)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: book.find("first"), range(100)))
    assert all(found)
    assert len(times) == 1


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"version": 9, "entries": []}', None])
def test_without_a_list_nothing_is_known_until_there_is_one(
    book: Book, path: Path, broken: str | None
) -> None:
    assert book.find("first")
    if broken is None:
        path.unlink()
    else:
        put(path, broken)
    for _ in range(2):
        with pytest.raises(EntriesUnknown) as caught:
            book.find("first")
        assert caught.value.path == path
    put(path, listing("second"))
    assert set(book.entries()) == {"second"}


def test_a_list_that_never_was_there_is_read_when_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "comments/entries.json"
    book = Book(lambda: path)
    with pytest.raises(EntriesUnknown, match="build the site first"):
        book.entries()
    path.parent.mkdir()
    put(path, listing("first"))
    assert book.find("first")
