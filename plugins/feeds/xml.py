"""RSS 2.0 and Atom, which are written alike."""

from collections.abc import Iterable

from feeds import atom, rss
from feeds.archive import Part
from feeds.characters import speakable
from feeds.model import Format, Item, Person
from feeds.written import Written


def render(part: Part, form: Format, items: Iterable[str] | None = None) -> str:
    """Return one document of a feed as XML text, in RSS 2.0 or Atom.

    ``items`` are its own if they are written.
    """
    language, authors = part.feed.language, part.feed.authors
    written = (write(item, form, language, authors) for item in part.items)
    texts = "".join(map("".join, written) if items is None else items)
    if form is Format.RSS:
        return f"{speakable(rss.head(part))}{texts}{rss.FOOT}"
    return f"{speakable(atom.head(part))}{texts}{atom.FOOT}"


def write(item: Item, form: Format, language: str, authors: tuple[Person, ...]) -> Written:
    """Return an item in a format, for feeds in a language and by some authors."""
    return rss.write(item) if form is Format.RSS else atom.write(item, language, authors)
