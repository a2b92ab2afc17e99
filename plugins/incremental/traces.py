"""What a page was made from: recorded while it is rendered, compared at the next build."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from incremental.fragments import Fragment, Piece

# A name of the page's own variables, and which attributes of its value were read; None: all.
Name = tuple[str, tuple[str, ...] | None]
# Fragments depend on what their keys stand for: subjects of this kind of name.
FRAGMENT: Final = "fragment:"


class Read(NamedTuple):
    """Which attributes of a subject were read, and the digest of what they were."""

    subject: str
    attributes: tuple[str, ...]
    digest: bytes


class Inputs(NamedTuple):
    """All that a file was made from, apart from the settings and the code of the whole build.

    ``templates`` is the digest of the templates it may use. Of the variables ``names``,
    ``common`` is the digest of those that all pages have, ``frame`` that of the others; ``whole``
    is one of all that the page and those it is paged through with were made from, by which these
    can be told at once. ``siteurl`` is the site's address as the page sees it. ``blocked`` says
    what could not be followed, and is empty where everything was.
    """

    templates: bytes = b""
    common: bytes = b""
    frame: bytes = b""
    whole: bytes = b""
    names: tuple[Name, ...] = ()
    siteurl: str = ""
    blocked: str = ""


class Trace(NamedTuple):
    """What a file was made from, what it read of which subject, and its fragments."""

    inputs: Inputs
    reads: tuple[Read, ...] = ()
    pieces: tuple[Piece, ...] = ()
    loose: frozenset[Fragment] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """The pages that earlier builds have made, by name, and the subjects as they were then."""

    pages: Mapping[str, Inputs]
    subjects: Mapping[str, bytes]
