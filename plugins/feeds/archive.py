"""Long feeds in documents that stay as they are: archived feeds (RFC 5005, section 4).

The subscription document holds the newest items. The others are counted from the oldest one on
and filed in archive documents, each named after the numbers of its items. A feed reader may
keep an archive document for ever, so the last of them, which is not full yet, has another
address whenever it holds another item.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.model import Feed, Item


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a feed: the one that readers subscribe to, or one of its archive.

    Paths have no suffix; ``older`` and ``newer`` are those of the archive documents beside it.
    """

    feed: Feed
    path: str
    items: Sequence[Item]
    is_archive: bool = False
    older: str | None = None
    newer: str | None = None

    @property
    def updated(self) -> datetime:
        """When the document last changed, told from its items and never from the clock."""
        return max((item.updated for item in self.items), default=self.feed.started)


def paths(path: str, count: int, newest: int, each: int) -> list[str]:
    """Return where the documents of a feed of so many items lie, in the order of ``split``."""
    return [path, *reversed(_archives(path, count, newest, each))]


def split(feed: Feed, newest: int, each: int) -> Iterator[Part]:
    """Yield the subscription document of ``newest`` items, then the archive, newest part first.

    Every item is in exactly one of them. An archive document holds ``each`` items, the last one
    perhaps fewer; for an ``each`` of 0 there is no archive.
    """
    count = len(feed.items)
    archives = _archives(feed.path, count, newest, each)
    full = (count - newest) // each if archives else 0
    yield Part(feed, feed.path, feed.items[:newest], older=archives[-1] if archives else None)
    for index in reversed(range(len(archives))):
        youngest = count - min((index + 1) * each, count - newest)
        yield Part(
            feed,
            archives[index],
            feed.items[youngest : count - index * each],
            is_archive=True,
            older=archives[index - 1] if index else None,
            # A full document does not name the last one, or it would change with every item.
            newer=archives[index + 1] if index + 1 < full else None,
        )


def _archives(path: str, count: int, newest: int, each: int) -> list[str]:
    """Where the archive documents lie, the oldest first: named after the numbers of the items."""
    filed = max(0, count - newest) if each else 0
    return [
        f"{path}.archive-{start + 1}-{min(start + each, filed)}"
        for start in range(0, filed, each or 1)
    ]
