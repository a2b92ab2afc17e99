"""What a feed holds, whatever the format. All addresses are absolute, all dates aware."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from feeds.addresses import uri as uri  # noqa: PLC0414  # part of this module's face
from feeds.addresses import web_page

# Stands where something has no date.
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Format(StrEnum):
    """The formats, in the order in which a page announces them."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"

    @cached_property
    def suffix(self) -> str:
        """How the name of a file in this format ends."""
        return "json" if self is Format.JSON else f"{self}.xml"

    @cached_property
    def media_type(self) -> str:
        """The media type that a page announces it with."""
        return "application/feed+json" if self is Format.JSON else f"application/{self}+xml"


@dataclass(frozen=True, slots=True)
class Person:
    """An author: a name, and perhaps an address on the web."""

    name: str
    url: str | None = None

    @property
    def page(self) -> str | None:
        """The address as feeds may give it: of a page on the web, or none at all."""
        return web_page(self.url) if self.url else None


@dataclass(frozen=True, slots=True)
class Category:
    """A category or tag of an item.

    ``name`` is for people, with a slash between the levels of a nested one; ``term`` is for
    programs; ``scheme`` is the address that tells one set of terms, such as the tags, from
    another (RFC 4287, section 4.2.2).
    """

    name: str
    term: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Replies:
    """The responses to an item: how many, since when unchanged, and where to follow them."""

    count: int
    page: str
    feeds: Mapping[Format, str]
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What an item answers (RFC 4685, section 3): its id, and where it can be read."""

    id: str
    url: str


class Enclosure(NamedTuple):
    """A file that belongs to an item, such as an episode of a podcast.

    ``length`` is in bytes, None where nobody knows it; ``type`` is a media type. A tuple, so
    that whoever compares posts can look into it.
    """

    url: str
    type: str
    length: int | None

    @property
    def name(self) -> str:
        """What people call the file: the last part of its address, as it reads."""
        return unquote(urlsplit(self.url).path.rstrip("/").rpartition("/")[2]) or self.url


@dataclass(frozen=True, slots=True)
class Item:
    """A post or a response. ``title`` and ``summary`` are plain text, ``content`` is HTML.

    ``id`` never changes and is no address that could be fetched, except by chance. ``thread``
    is what those know the ``replies`` by who count them; empty where nobody does.
    """

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    authors: tuple[Person, ...]
    content: str | None
    summary: str
    categories: tuple[Category, ...] = ()
    language: str | None = None
    replies: Replies | None = None
    answered: Answered | None = None
    thread: str = ""
    enclosures: tuple[Enclosure, ...] = ()

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, newest item first.

    ``path`` names its files below ``siteurl``, without a suffix; ``page`` is what it is the
    feed of. ``stylesheet`` is the address of a CSS file for browsers. ``started`` dates a feed
    that has no items yet.
    """

    siteurl: str
    path: str
    title: str
    description: str
    page: str
    language: str
    items: Sequence[Item] = ()
    authors: tuple[Person, ...] = ()
    stylesheet: str | None = None
    started: datetime = EPOCH

    @property
    def id(self) -> str:
        """What a feed reader knows the feed by (RFC 4287, section 4.2.6)."""
        return self.url(Format.ATOM)

    def url(self, form: Format, path: str | None = None) -> str:
        """The address of this feed's file, or of another one, in a format."""
        return uri(f"{self.siteurl}/{path or self.path}.{form.suffix}")
