"""Archived feeds (RFC 5005, section 4)."""

from hypothesis import given
from hypothesis import strategies as st

from feeds.archive import Part, split
from tests.feeds.strategies import plain_feed, plain_item

COUNTS = st.integers(0, 60)
SIZES = st.integers(1, 9)


def parts_of(count: int, newest: int, each: int) -> list[Part]:
    """Split a feed of so many items; the item with the greatest number is the newest."""
    return list(split(plain_feed(*(plain_item(n) for n in range(count, 0, -1))), newest, each))


def archives_of(count: int, newest: int, each: int) -> dict[str, Part]:
    return {part.path: part for part in parts_of(count, newest, each) if part.is_archive}


@given(COUNTS, SIZES, SIZES)
def test_every_item_is_in_exactly_one_document_newest_first(
    count: int, newest: int, each: int
) -> None:
    parts = parts_of(count, newest, each)
    assert [item for part in parts for item in part.items] == list(parts[0].feed.items)
    assert len(parts[0].items) == min(count, newest)
    assert all(1 <= len(part.items) <= each for part in parts[1:])
    assert all(len(part.items) == each for part in parts[2:])


@given(COUNTS, COUNTS, SIZES, SIZES)
def test_no_archive_changes_its_items_when_newer_ones_come(
    count: int, more: int, newest: int, each: int
) -> None:
    before, after = archives_of(count, newest, each), archives_of(count + more, newest, each)
    for path in before.keys() & after.keys():
        assert before[path].items == after[path].items
        assert before[path].updated == after[path].updated
        assert before[path].older == after[path].older
        assert before[path].newer in {after[path].newer, None}
    full = {path for path, part in before.items() if len(part.items) == each}
    assert full <= after.keys()


@given(COUNTS, SIZES, SIZES)
def test_a_reader_that_follows_the_links_sees_everything(
    count: int, newest: int, each: int
) -> None:
    parts = {part.path: part for part in parts_of(count, newest, each)}
    path: str | None = "feeds/all"
    seen = 0
    visited = []
    while path:
        visited.append(path)
        seen += len(parts[path].items)
        path = parts[path].older
    assert seen == count
    assert visited == list(parts)
    for part in parts.values():
        assert part.newer is None or parts[part.newer].older == part.path


def test_documents_are_named_after_the_numbers_of_their_items() -> None:
    paths = [part.path for part in parts_of(7, 2, 3)]
    assert paths == ["feeds/all", "feeds/all.archive-4-5", "feeds/all.archive-1-3"]


def test_a_size_of_zero_means_no_archive() -> None:
    (part,) = parts_of(7, 2, 0)
    assert (len(part.items), part.older) == (2, None)


def test_an_empty_feed_is_dated_by_when_it_was_started() -> None:
    (part,) = split(plain_feed(), 20, 100)
    assert part.updated == part.feed.started
