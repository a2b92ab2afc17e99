"""All files of a feed: every format, with its archive."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from hashlib import blake2b
from typing import NamedTuple

from feeds import archive, jsonfeed, xml
from feeds.archive import Part
from feeds.items import Items
from feeds.model import Feed, Format, Item, Person
from feeds.replies import Mark, marked, unmarked
from feeds.written import Written


class Job(NamedTuple):
    """A file that can be made: its path in the site, what it is made from, and its text.

    As long as the ``inputs`` are the same, so is the text; empty, they say nothing.
    """

    path: str
    inputs: bytes
    make: Callable[[], str]


class Printer:
    """Writes documents. Items that stand in several are written once, the last ``kept`` of them.

    What items say of their responses goes through ``mark``.
    """

    def __init__(self, kept: int = 0, mark: Mark = unmarked) -> None:
        self._mark = mark
        # The formats of a document follow one another.
        self._items = lru_cache(1)(_all)
        self._written = lru_cache(kept)(_written)

    def text(self, part: Part, form: Format) -> str:
        """Return one document in a format."""
        whole = replace(part, items=self._items(part.items))
        texts = (self._text(item, form, part.feed) for item in whole.items)
        if form is Format.JSON:
            return jsonfeed.render(whole, texts)
        return xml.render(whole, form, texts)

    def _text(self, item: Item, form: Format, feed: Feed) -> str:
        written = self._written(item, form, feed.language, feed.authors)
        return "".join(marked(written, item, form, self._mark) if item.thread else written)


def documents(feed: Feed, newest: int, each: int) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file: ``newest`` items, and archives of ``each`` (RFC 5005).

    The paths are relative to the site; nothing is rendered before it is asked for.
    """
    for job in jobs(feed, newest, each, Printer()):
        yield job.path, job.make()


def jobs(feed: Feed, newest: int, each: int, printer: Printer) -> Iterator[Job]:
    """Yield what can be made: every file of ``newest`` items, and archives of ``each``."""
    for part in archive.split(feed, newest, each):
        inputs = _inputs(part)
        for form in Format:
            make = partial(printer.text, part, form)
            yield Job(f"{part.path}.{form.suffix}", inputs, make)


def _all(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(items)


def _written(item: Item, form: Format, language: str, authors: tuple[Person, ...]) -> Written:
    if form is Format.JSON:
        return jsonfeed.write(item)
    return xml.write(item, form, language, authors)


def _inputs(part: Part) -> bytes:
    """What a document is made from, if somebody knows it of its items."""
    of_items = part.items.inputs if isinstance(part.items, Items) else b""
    if not of_items:
        return b""
    around = replace(part, feed=replace(part.feed, items=()), items=())
    return blake2b(repr(around).encode() + of_items, digest_size=16).digest()
