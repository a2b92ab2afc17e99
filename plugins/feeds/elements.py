"""What RSS 2.0 and Atom have in common: how they spell names, texts and addresses."""

from collections.abc import Iterable
from typing import Final, TypeVar

from feeds.addresses import uri
from feeds.characters import escaped, speakable
from feeds.model import Category, Feed, Person

DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_Named = TypeVar("_Named", Person, Category)


def text(of: str) -> str:
    """Return what a feed can hold of a text, to ask whether there is any."""
    return speakable(of).strip()


def named(things: Iterable[_Named]) -> list[_Named]:
    """Return the authors or categories that have a name; no format wants the others."""
    return [thing for thing in things if text(thing.name)]


def address(of: str) -> str:
    """Return an address as a URI, spelt as XML spells it."""
    return escaped(uri(of))


def stylesheet(feed: Feed) -> str:
    """Return what has a browser show a feed by its style sheet, or nothing."""
    if not feed.stylesheet:
        return ""
    return f'<?xml-stylesheet type="text/css" href="{address(feed.stylesheet)}"?>\n'
