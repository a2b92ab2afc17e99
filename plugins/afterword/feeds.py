"""Feeds of responses: of the whole site, and of each post and page."""

from collections.abc import Iterator, Mapping
from typing import Final

from afterword.entries import Entry
from afterword.render import Overview
from afterword.threads import Thread

FORMATS: Final[Mapping[str, str]] = {"rss": "rss.xml", "atom": "atom.xml", "json": "json"}


def paths(entry: Entry, thread: Thread) -> Mapping[str, str]:
    """Where an entry's feeds lie in the site, by format; none where there is nothing to follow."""
    if not entry.key or not (entry.open or thread.placed):
        return {}
    stem = f"{entry.path}/comments" if entry.path else "comments"
    return {name: f"{stem}.{suffix}" for name, suffix in FORMATS.items()}


def guid(content):
    return ""


def documents(overview: Overview, facts) -> Iterator[tuple[str, str]]:
    yield from ()
