"""Long feeds in parts that never change again: archived feeds (RFC 5005, section 4).

The subscription document holds the newest items. The archive documents are counted from the
oldest item on, so that a new one fills the last of them and leaves the others as they were.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from feeds.model import Item


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a feed. ``number`` is None for the one that readers subscribe to.

    ``older`` and ``newer`` are the numbers of the archive documents beside it.
    """

    items: tuple[Item, ...]
    number: int | None = None
    older: int | None = None
    newer: int | None = None

    def path(self, feed_path: str) -> str:
        """Where this part lies, for a feed that lies at ``feed_path``."""
        return archive_path(feed_path, self.number)


def archive_path(feed_path: str, number: int | None) -> str:
    """Where an archive document lies; the feed itself for None."""
    return feed_path if number is None else f"{feed_path}.archive-{number}"


def split(items: tuple[Item, ...], newest: int, each: int) -> Iterator[Part]:
    """Yield the subscription document of ``newest`` items, then the archive, newest part first.

    ``items`` come newest first. There is no archive while one document holds them all; an
    archive document holds ``each`` items.
    """
    if len(items) <= newest:
        yield Part(items)
        return
    last = -(-len(items) // each)
    yield Part(items[:newest], older=last)
    for number in range(last, 0, -1):
        oldest, youngest = len(items) - (number - 1) * each, max(0, len(items) - number * each)
        yield Part(
            items[youngest:oldest],
            number=number,
            older=number - 1 or None,
            newer=number + 1 if number < last else None,
        )
