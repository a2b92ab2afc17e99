"""What an importer finds in a source, whatever the source is.

An importer only reads: it yields threads and responses in the order of the source, and says of
everything else why it is left out. Matching threads with the site's posts, choosing ids,
mending parents and writing are the same for all of them, and stand elsewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from afterword.model import Kind, Status


class Wording(StrEnum):
    """What the text of a response is written in.

    In ``LINES``, HTML too, line ends count: WordPress makes breaks and paragraphs of them when
    it shows a text.
    """

    MARKDOWN = "markdown"
    HTML = "html"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Thread:
    """What a source calls the post or page that is answered.

    ``id`` is its name within the source; responses refer to it. ``key`` is a comment key, where
    the source knows one. ``alias`` is another name, of which nobody knows what it is: an
    address, a slug, a number.
    """

    id: str
    place: str
    url: str = ""
    title: str = ""
    key: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a post or page says.

    ``metadata`` are the header lines of its file in order; a name may stand there once. ``body``
    is what follows them. ``uploads`` are files that it shows, each with the place below the
    content folder that it is copied to. ``notes`` say what of it cannot come along.
    """

    metadata: tuple[tuple[str, str], ...]
    body: str
    uploads: tuple[tuple[Path, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A post or page itself, from sources that have them: a file below the content folder.

    What the author says of a category or tag is one too, to which nobody responds.

    ``file`` is relative to that folder: ``posts/just-network.md``. ``thread`` is what its
    responses refer to; its ``key`` is the comment key that the file will have. ``page`` makes
    what the file says, which takes a while: it is called where that is needed. ``guid`` is what
    feeds call it, whatever else becomes of it; empty where nothing does.
    """

    thread: Thread
    file: str
    page: Callable[[], Page]
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """A response as its source has it, in any state. Its fields may hold anything.

    ``place`` says where it stands, for a person. ``parent`` is the id of what it answers, in
    the same thread. ``date`` is aware, or None where the source has none. ``ours`` says that it
    was one here, so that it goes on to answer what it answered, published or not; ``alone`` that
    it was a published file of which the queue had no row. ``notes`` say what of it cannot come
    along.
    """

    thread: str
    id: str
    place: str
    author: str
    body: str
    date: datetime | None
    status: Status
    wording: Wording = Wording.MARKDOWN
    email: str = ""
    website: str = ""
    parent: str | None = None
    kind: Kind = Kind.COMMENT
    by_author: bool = False
    source: str | None = None
    ours: bool = False
    alone: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """What does not come along: where it stands, and why.

    ``expected`` where that is as it should be: nobody misses what was deleted long ago. What
    others may have answered has its ``id``, its ``thread`` and its own ``parent``, so that they
    find somebody else to stand below.
    """

    place: str
    reason: str
    expected: bool = False
    thread: str = ""
    id: str = ""
    parent: str | None = None


Finding = Thread | Entry | Response | Skipped


class Source(Protocol):
    """Somewhere that responses come from. It is read twice, and has to yield the same."""

    @property
    def name(self) -> str:
        """What is imported from: a word, the same each time."""

    def read(self) -> Iterator[Finding]:
        """Yield what is found, without keeping it. Raises ImportRefused for what is broken."""
