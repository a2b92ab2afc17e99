"""The categories, tags and authors of a built site, found by their names.

Each has a feed, which says what it is called and where its page is, whatever the theme is and
the settings are.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote, urlsplit

import ijson

from afterword.importers.redirects.built import Built
from feeds.paths import FOLDER, feed_path

_SUFFIX: Final = ".json"
_ARCHIVE: Final = ".archive-"
_PARTS: Final = " » "
_APART: Final = re.compile(r"[^\w/]+|_")


@dataclass(frozen=True, slots=True)
class Group:
    """A category, tag or author: its page, which may be missing, and where its feed lies.

    ``page`` is an address as a redirect has it, ``stem`` a path without an ending.
    """

    page: str
    stem: str


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one kind, by name as it is, by name as addresses have it, and by slug."""

    by_name: Mapping[str, Group]
    by_sound: Mapping[str, Group]
    by_slug: Mapping[str, Group]

    @classmethod
    def read(cls, built: Built, scope: str) -> Self:
        """Look at the feeds of a scope: ``category``, ``tag`` or ``author``."""
        site = _head(built.root / f"{feed_path()}{_SUFFIX}").get("title", "") + _PARTS
        names: dict[str, Group] = {}
        sounds: dict[str, Group] = {}
        slugs: dict[str, Group] = {}
        for stem in sorted(_stems(built, scope)):
            head = _head(built.root / f"{stem}{_SUFFIX}")
            name = head.get("title", "").removeprefix(site)
            page = unquote(urlsplit(head.get("home_page_url", "")).path)
            group = Group(built.address(page.removeprefix(built.base)), stem)
            names.setdefault(name.casefold(), group)
            slug = stem.removeprefix(f"{FOLDER}/{scope}/")
            # A category may be shown under another name than it was made of.
            sounds.setdefault(_sound(slug), group)
            sounds.setdefault(_sound(name) or name, group)
            slugs.setdefault(slug, group)
        return cls(names, sounds, slugs)

    def find(self, name: str, slug: str) -> Group | None:
        """The group of this name or, should it be called otherwise now, of this slug."""
        return (
            self.by_name.get(name.casefold())
            or self.by_sound.get(_sound(name) or name)
            or self.by_slug.get(slug)
        )


def _stems(built: Built, scope: str) -> Iterator[str]:
    for file in built.files:
        if file.startswith(f"{FOLDER}/{scope}/") and file.endswith(_SUFFIX):
            stem = file.removesuffix(_SUFFIX)
            if _ARCHIVE not in stem:
                yield stem


def _head(file: Path) -> Mapping[str, str]:
    """What a JSON Feed says before its items."""
    found: dict[str, str] = {}
    try:
        with file.open("rb") as stream:
            for prefix, event, value in ijson.parse(stream):
                if prefix == "items":
                    break
                if event == "string":
                    found[prefix] = value
    except (OSError, ijson.JSONError):
        return {}
    return found


def _sound(name: str) -> str:
    """A name as far as it counts in addresses: letters without marks, figures, and slashes."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return _APART.sub("", "".join(each for each in plain if not unicodedata.combining(each)))
