"""What a built site has: its pages, pictures and feeds, as they lie in the output folder."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote, unquote, urlsplit

_SAFE: Final = "/-._~!$&'()*+,;=:@"
_INDEX: Final = "index.html"
_SUFFIXES: Final = (".html", ".htm")
_RSS: Final = (".rss.xml", ".atom.xml")


@dataclass(frozen=True)
class Built:
    """A built site.

    ``origin`` is its address as far as the host, ``base`` the path after that, decoded; both
    without a slash at their end. ``files`` are all of its files, relative to the output folder.
    ``archives`` are patterns for the addresses of the archives of a day, a month, a year, and of
    all posts, as far as there are any.
    """

    root: Path
    origin: str
    base: str
    files: frozenset[str]
    archives: Sequence[str] = ()

    @classmethod
    def read(cls, root: Path, siteurl: str, archives: Sequence[str] = ()) -> Self:
        """Look at what lies in the output folder."""
        found = (
            Path(folder, name).relative_to(root).as_posix()
            for folder, _, names in os.walk(root)
            for name in names
        )
        parts = urlsplit(siteurl)
        origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        return cls(root, origin, unquote(parts.path).rstrip("/"), frozenset(found), archives)

    def has(self, path: str) -> bool:
        """Whether there is something at a path, which is decoded."""
        return self._lies(path) in self.files

    def address(self, name: str) -> str:
        """Return the address of what lies below the output folder, if it is there, else nothing.

        It begins with a slash and is encoded; ``name`` is neither.
        """
        path = f"{self.base}/{name.lstrip('/')}"
        return quote(path, safe=_SAFE) if self.has(path) else ""

    def feed(self, stem: str, *, atom: bool = False) -> str:
        """Return the address of a feed, in the other format if there is none in this, or nothing.

        ``stem`` is where it lies, without its ending.
        """
        endings = reversed(_RSS) if atom else _RSS
        found = (self.address(f"{stem}{ending}") for ending in endings)
        return next(filter(None, found), "")

    def feed_of_responses(self, url: str) -> str:
        """Where the feed of the responses to a post lies, without its ending, if it has one."""
        name = unquote(urlsplit(url).path).removeprefix(self.base).strip("/")
        for suffix in _SUFFIXES:
            name = name.removesuffix(suffix)
        return f"{name}/comments".lstrip("/")

    def archive(self, date: datetime, parts: int) -> str:
        """Return the address of the finest archive of a date, or nothing if there is none.

        ``parts`` says what is known of the date: 3 with its day, 2 without, 1 for its year alone,
        and 0 for nothing.
        """
        patterns = self.archives[-1 - parts :]
        found = (self.address(each.format(date=date)) for each in patterns if each)
        return next(filter(None, found), "")

    def _lies(self, path: str) -> str:
        """Where what a path leads to would lie."""
        if self.base and not f"{path}/".startswith(f"{self.base}/"):
            return ""
        name = path.removeprefix(self.base).strip("/")
        return name if name in self.files else f"{name}/{_INDEX}".lstrip("/")
