"""Which files the feeds of responses consist of, and which of them one response can change."""

from collections.abc import Collection
from typing import Final

from afterword.entries import Entry
from afterword.feeds import ARCHIVE_ITEMS, paths
from feeds import archive
from feeds.model import Format
from feeds.paths import feed_path

# Beyond the last document that shows a change so many more may name one that has moved.
_NEIGHBOURS: Final = 2


def jobs_until(depth: int, total: int, newest: int) -> int:
    """How many of the site's ``total`` jobs can be others if a response has come or gone.

    ``depth`` is how many newer ones there are.
    """
    archives = len(archive.paths("", total, newest, ARCHIVE_ITEMS)) - 1
    starts = (total - min((n + 1) * ARCHIVE_ITEMS, total - newest) for n in range(archives))
    touched = sum(1 for start in starts if start <= depth)
    return (1 + min(touched + _NEIGHBOURS, archives)) * len(Format)


def files_of_site(total: int, newest: int) -> Collection[str]:
    """The files of the feed of all responses, of which there are so many."""
    return _files(feed_path("comments"), total, newest)


def files_of_entry(entry: Entry, total: int, newest: int) -> Collection[str]:
    """The files of the feed of an entry with so many responses."""
    there = paths(entry, answered=total > 0)
    if not there:
        return []
    suffix = f".{Format.JSON.suffix}"
    return _files(there[Format.JSON].removesuffix(suffix), total, newest)


def _files(stem: str, total: int, newest: int) -> Collection[str]:
    found = archive.paths(stem, total, newest, ARCHIVE_ITEMS)
    return [f"{path}.{form.suffix}" for path in found for form in Format]
