"""Which file of a site is called what, as far as the files themselves tell.

Only a build knows for sure what slug it makes of a title, and which file an entry was. So files
are asked for what a build has named.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from afterword import entries
from afterword.entries import Entry
from afterword.errors import EntryError

_RST: Final = ".rst"
_SUFFIXES: Final = frozenset([".md", ".markdown", ".mkd", ".mdown", _RST])
# In Markdown `Slug: first`, in reStructuredText `:slug: first`.
_LINE: Final = re.compile(r":?([A-Za-z][\w-]*):\s*(.*?)\s*$")
_MOST_LINES: Final = 100


@dataclass(frozen=True, slots=True, order=True)
class _Claim:
    """A file that says that it is called something. The least of several is believed.

    Its own line counts more than the name of the file; an original more than a translation.
    """

    guessed: bool
    translated: bool
    file: str


class Text(NamedTuple):
    """A file of a site, relative to the content folder, and the comment key that it has."""

    file: str
    key: str


def links(listed: Mapping[str, Entry], files: Mapping[str, str]) -> Mapping[str, str]:
    """Return how a text links to each entry of a built site, by comment key.

    ``files`` are those of ``files_by_slug``; an entry of which no file is known is linked by its
    address.
    """
    return {
        key: f"{{filename}}/{files[key]}" if key in files else urlsplit(entry.url).path
        for key, entry in listed.items()
    }


def files_by_slug(content: Path, left_out: Path) -> Mapping[str, str]:
    """Return the files below the content folder, relative to it, by comment keys and slugs.

    ``left_out`` is a folder in which there are no posts and pages.
    """
    found: dict[str, _Claim] = {}
    for path in _texts(content, left_out):
        told = dict(_metadata(path))
        file = path.relative_to(content).as_posix()
        translated = "lang" in told
        names = (told.get("slug", ""), _key(told), path.stem, _slug(told.get("title", "")))
        for name, guessed in zip(names, (False, False, True, True), strict=True):
            claim = _Claim(guessed, translated, file)
            if name:
                found[name] = min(found.get(name, claim), claim)
    return {name: claim.file for name, claim in found.items()}


def texts_by_guid(content: Path, left_out: Path) -> Mapping[str, Text]:
    """Return the files below the content folder that have a ``Guid:``, by it.

    ``left_out`` is a folder in which there are no posts and pages. Of several files the first
    is meant, and an original rather than a translation.
    """
    found: dict[str, tuple[bool, Text]] = {}
    for path in _texts(content, left_out):
        told = dict(_metadata(path))
        if guid := told.get("guid", ""):
            names = (_key(told), told.get("slug", ""), _slug(told.get("title", "")), path.stem)
            text = Text(path.relative_to(content).as_posix(), next(filter(None, names)))
            claim = ("lang" in told, text)
            found[guid] = min(found.get(guid, claim), claim)
    return {guid: text for guid, (_, text) in found.items()}


def _texts(content: Path, left_out: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(content):
        folders[:] = [each for each in folders if Path(folder, each) != left_out]
        yield from (Path(folder, each) for each in names if Path(each).suffix in _SUFFIXES)


def _metadata(path: Path) -> Iterator[tuple[str, str]]:
    """The lines at the beginning of a file that say something about it."""
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in islice(lines, _MOST_LINES):
                if found := _LINE.match(line):
                    yield found[1].lower(), found[2]
                elif path.suffix != _RST and not line.strip():
                    return
    except OSError:
        return


def _slug(title: str) -> str:
    """What Pelican makes of an ordinary title."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip())


def _key(told: Mapping[str, str]) -> str:
    try:
        return entries.wish(told.get("comments", "")).key or ""
    except EntryError:
        return ""
