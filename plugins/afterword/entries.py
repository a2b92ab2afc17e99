"""What can be answered: the list that a build leaves for the service that takes responses.

It lies at ``comments/entries.json`` in the site's output::

    {"version": 1,
     "entries": [{"entry": "just-network", "title": "Just Network!",
                  "url": "https://blog.example/just-network/", "open": true,
                  "closes": "2026-03-04T00:00:00+00:00", "ids": ["17", "18"]}]}

``closes`` is the moment from which the entry takes no more, or null; ``ids`` are the published
responses, which alone can be replied to.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from afterword.errors import EntriesUnknown, EntryError
from afterword.model import check_entry_key
from afterword.settings import Settings

PATH: Final = "comments/entries.json"
VERSION: Final = 1


class Standing(StrEnum):
    """Who can find an entry: everybody, those who know its address, or its author."""

    PUBLISHED = "published"
    HIDDEN = "hidden"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Entry:
    """A post or page as far as responses are concerned.

    ``title`` is plain text and ``url`` absolute. ``path`` is where its page lies in the output,
    without a file name; the feeds of its responses stand there. ``guid`` is what feeds call it.
    ``closes`` is aware, or None; an entry with ``open`` false stays closed whatever it says.
    ``key`` is empty where the post's own is unusable: such an entry has no responses.
    """

    key: str
    title: str
    url: str
    path: str
    guid: str
    published: datetime
    open: bool
    closes: datetime | None = None
    standing: Standing = Standing.PUBLISHED

    def is_open(self, now: datetime) -> bool:
        """Whether a response can be sent at ``now``."""
        return self.open and (self.closes is None or now < self.closes)


def pack(entry: Entry) -> str:
    """Return all of an entry as JSON: ``unpack`` returns an equal one for it."""
    closes = entry.closes.isoformat() if entry.closes else None
    fields = (entry.key, entry.title, entry.url, entry.path, entry.guid)
    return json.dumps((*fields, entry.published.isoformat(), entry.open, closes, entry.standing))


def unpack(text: str) -> Entry:
    """Return the entry of which this is all."""
    key, title, url, path, guid, published, is_open, closes, standing = json.loads(text)
    return Entry(
        key=key,
        title=title,
        url=url,
        path=path,
        guid=guid,
        published=datetime.fromisoformat(published),
        open=is_open,
        closes=datetime.fromisoformat(closes) if closes else None,
        standing=Standing(standing),
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What a post's ``Comments:`` line asks for; None where it says nothing."""

    key: str | None = None
    open: bool | None = None


def wish(line: str) -> Wish:
    """Read a ``Comments:`` line: ``closed``, ``open``, a comment key, or a key and one of them.

    Raises EntryError if it names two keys or one that is no usable folder name.
    """
    words = line.replace(",", " ").split()
    keys = [word for word in words if word.lower() not in {"open", "closed"}]
    if len(keys) > 1:
        raise EntryError(line, "a post has one comment key; write it without spaces")
    if keys:
        check_entry_key(keys[0])
    states = [word.lower() == "open" for word in words if word not in keys]
    return Wish(key=keys[0] if keys else None, open=all(states) if states else None)


def opening(
    asked: bool | None,  # noqa: FBT001  # three-valued: open, closed, or nothing said
    settings: Settings,
    published: datetime,
    *,
    standing: Standing,
    is_page: bool,
) -> tuple[bool, datetime | None]:
    """Decide whether an entry takes responses, and from which moment it takes no more."""
    if standing is Standing.DRAFT:
        return False, None
    if asked is not None:
        return asked, None
    if is_page:
        return settings.on_pages, None
    if not settings.close_after_days:
        return True, None
    return True, published + timedelta(days=settings.close_after_days)


def dump(published: Iterable[tuple[Entry, str]]) -> str:
    """Return the list as JSON, by key; without drafts.

    The ids of each entry's comments are JSON already. An entry takes one line.
    """
    lines = [
        f'{_line(entry)[:-1]}, "ids": {ids}}}'
        for entry, ids in sorted(published, key=lambda pair: pair[0].key)
        if entry.key and entry.standing is not Standing.DRAFT
    ]
    return '{"version": %d, "entries": [\n%s\n]}\n' % (VERSION, ",\n".join(lines))  # noqa: UP031  # braces


def _line(entry: Entry) -> str:
    shown = {
        "entry": entry.key,
        "title": entry.title,
        "url": entry.url,
        "open": entry.open,
        "closes": entry.closes.isoformat() if entry.closes else None,
    }
    return json.dumps(shown, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as the service knows it: from the list, not from the post."""

    entry: Entry
    ids: frozenset[str]


def load(path: Path) -> Mapping[str, Listed]:
    """Read the list that a build has left, by key. Raises EntriesUnknown if that fails."""
    try:
        data = json.loads(path.read_bytes())
        if data["version"] != VERSION:
            raise EntriesUnknown(path, f"has version {data['version']}, not {VERSION}")
        return {item["entry"]: _listed(item) for item in data["entries"]}
    except OSError as error:
        raise EntriesUnknown(path, error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EntriesUnknown(path, f"is no list of entries: {error}") from error


def _listed(item: Mapping[str, object]) -> Listed:
    closes, ids = item["closes"], item["ids"]
    if not isinstance(ids, list):
        raise TypeError("ids")
    entry = Entry(
        key=str(item["entry"]),
        title=str(item["title"]),
        url=str(item["url"]),
        path="",
        guid="",
        published=datetime.fromtimestamp(0, UTC),
        open=item["open"] is True,
        closes=datetime.fromisoformat(str(closes)) if closes else None,
    )
    return Listed(entry, frozenset(map(str, ids)))
