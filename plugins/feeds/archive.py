"""Long feeds in documents that stay as they are: archived feeds (RFC 5005, section 4).

The subscription document holds the newest items. The others are counted from the oldest one on
and filed in archive documents, each named after the numbers of its items. A feed reader may
keep an archive document for ever, so the last of them, which is not full yet, has another
address whenever it holds another item.
"""

from collections.abc import Iterator
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
    items: tuple[Item, ...]
    is_archive: bool = False
    older: str | None = None
    newer: str | None = None

    @property
    def updated(self) -> datetime:
        """When the document last changed, told from its items and never from the clock."""
        return max((item.updated for item in self.items), default=self.feed.started)


def split(feed: Feed, newest: int, each: int) -> Iterator[Part]:
    """Yield the subscription document of ``newest`` items, then the archive, newest part first.

    Every item is in exactly one of them. An archive document holds ``each`` items, the last one
    perhaps fewer; for an ``each`` of 0 there is no archive.
    """
    filed = max(0, len(feed.items) - newest) if each else 0
    starts = range(0, filed, each or 1)
    paths = [_path(feed.path, start, min(start + each, filed)) for start in starts]
    full = filed // (each or 1)
    yield Part(feed, feed.path, feed.items[:newest], older=paths[-1] if paths else None)
    for index in reversed(range(len(paths))):
        youngest = len(feed.items) - min((index + 1) * each, filed)
        yield Part(
            feed,
            paths[index],
            feed.items[youngest : len(feed.items) - index * each],
            is_archive=True,
            older=paths[index - 1] if index else None,
            # A full document does not name the last one, or it would change with every item.
            newer=paths[index + 1] if index + 1 < full else None,
        )


def _path(feed_path: str, start: int, stop: int) -> str:
    """Where an archive document lies that holds the items from ``start`` to before ``stop``."""
    return f"{feed_path}.archive-{start + 1}-{stop}"
