"""Reads an export of WordPress, one record after the other.

Of the file nothing stays in memory but the post that is being read, without its comments: those
are yielded as they come, before the post itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from afterword.errors import ImportRefused
from afterword.importers.wxr.elements import Elements
from afterword.importers.wxr.mending import mended
from afterword.importers.wxr.records import Record, Site
from afterword.importers.xml import parsed

_AUTHORS: Final = frozenset(["wp:author", "wp:wp_author"])
_NEWEST: Final = 1
_MAJOR: Final = re.compile(r"\d+")
_ROOT, _CHANNEL, _RECORD, _PART = 1, 2, 3, 4


def records(path: Path) -> Iterator[Record]:
    """Yield what a file holds, the site first, and each post's comments before the post.

    Raises ImportRefused for what is no export, or broken beyond what can be mended.
    """
    yield from _Reader(path).read()


@dataclass
class _Reader:
    """One walk through one file."""

    path: Path
    elements: Elements = field(default_factory=Elements)
    channel: dict[str, str] = field(default_factory=dict)
    items: int = 0
    comments: int = 0
    told: bool = False

    def read(self) -> Iterator[Record]:
        depth, inside, known = 0, False, False
        above: list[Element] = []
        for event, element in parsed(self.path, "rss", mended):
            name = self.elements.name(element)
            known = known or name.startswith("wp:")
            if event == "start":
                depth += 1
                above.append(element)
                if depth == _CHANNEL:
                    inside = name == "channel"
                elif depth == _RECORD and inside and name == "item":
                    self.items, self.comments = self.items + 1, 0
            else:
                if inside and depth == _RECORD:
                    yield from self._record(name, element)
                elif inside and self._is_comment(depth, name, above):
                    yield from self._first()
                    self.comments += 1
                    yield self.elements.comment(element, self.items, self.comments)
                    del above[-2][-1]
                depth -= 1
                above.pop()
                if depth < _RECORD and above:
                    del above[-1][-1]
        if not known:
            raise ImportRefused(self.path, 0, "is no export of WordPress, but another feed")
        yield from self._first()

    def _is_comment(self, depth: int, name: str, above: Sequence[Element]) -> bool:
        """Whether this is a comment within a post; elsewhere it is nobody's."""
        return depth == _PART and name == "wp:comment" and self.elements.name(above[-2]) == "item"

    def _first(self) -> Iterator[Site]:
        """The site, once, before everything else."""
        if self.told:
            return
        self.told = True
        told = self.channel.get
        version = told("wp:wxr_version", "")
        major = _MAJOR.match(version)
        if major and int(major[0]) > _NEWEST:
            raise ImportRefused(self.path, 0, f"is WXR {version}; known are 1.0 to 1.2")
        url = told("wp:base_blog_url") or told("link") or told("wp:base_site_url", "")
        yield Site(
            told("title", ""), url or "", told("description", ""), told("language", ""), version
        )

    def _record(self, name: str, element: Element) -> Iterator[Record]:
        if name == "item":
            yield from self._first()
            yield self.elements.item(element, self.items)
        elif name in _AUTHORS:
            yield from self._first()
            yield self.elements.author(element)
        elif self.elements.is_term(element):
            yield from self._first()
            yield self.elements.term(element)
        else:
            self.channel.setdefault(name, "".join(element.itertext()).strip())
