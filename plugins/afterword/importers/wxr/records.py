"""What stands in an export of WordPress: texts as they are there, nothing decided yet.

A text that is missing is empty. Everything belongs to one file; several files of one site are
for those who read them to put together.
"""

from dataclasses import dataclass
from typing import Final

OWN: Final = "_afterword"
"""The name of a field in our own exports: a response as it is here, or a post's comment key."""

Meta = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Site:
    """The site itself. ``url`` is where its posts are, ``version`` that of the format."""

    title: str
    url: str
    description: str
    language: str
    version: str


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who may write there. Posts name them by ``login``, comments by ``id``."""

    id: str
    login: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A category, a tag, or a term of another taxonomy: ``category``, ``post_tag`` or its name.

    ``parent`` is the slug of the term above it; ``id`` is WordPress's number for it.
    """

    taxonomy: str
    slug: str
    name: str
    parent: str
    description: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """That an item is in a category, has a tag, or belongs to a term of another taxonomy."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """A post or page, or what else WordPress keeps as one: images, menu items, revisions.

    ``number`` counts the items of a file from 1; ``id`` is WordPress's. ``date`` is the site's
    time, ``date_gmt`` UTC; ``kind`` is what WordPress calls the type of a post. ``attachment`` is
    the address of an image, or of what else was uploaded.
    """

    number: int
    id: str
    kind: str
    status: str
    title: str
    link: str
    guid: str
    slug: str
    creator: str
    content: str
    excerpt: str
    date: str
    date_gmt: str
    modified: str
    modified_gmt: str
    parent: str
    order: str
    password: str
    sticky: bool
    comments_open: bool
    attachment: str
    labels: tuple[Label, ...]
    meta: Meta


@dataclass(frozen=True, slots=True)
class Comment:
    """A response, of whatever kind. ``item`` is the number of the item that it belongs to.

    ``number`` counts the comments of that item from 1; ``id`` is WordPress's, and so is
    ``parent``, which is ``0`` for none, as ``user`` is for those who are not known there.
    """

    item: int
    number: int
    id: str
    author: str
    email: str
    website: str
    date: str
    date_gmt: str
    content: str
    approved: str
    kind: str
    parent: str
    user: str
    meta: Meta


Record = Site | Author | Term | Item | Comment
