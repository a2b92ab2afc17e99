"""Reads an export of WordPress, one record after the other.

Of the file nothing stays in memory but the post that is being read, without its comments: those
are yielded as they come, before the post itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from afterword.errors import ImportRefused
from afterword.importers.wxr.mending import mended
from afterword.importers.wxr.records import Author, Comment, Item, Label, Meta, Record, Site, Term
from afterword.importers.xml import attribute, parsed

_SPACES: Final = (
    (re.compile(r"https?://(www\.)?wordpress\.org/.*excerpt/?"), "excerpt:"),
    (re.compile(r"https?://(www\.)?wordpress\.org/export\b.*"), "wp:"),
    (re.compile(r"https?://purl\.org/rss/1\.0/modules/content/?"), "content:"),
    (re.compile(r"https?://purl\.org/dc/elements/1\.1/?"), "dc:"),
)
_TERMS: Final = {
    "wp:category": ("category", "category_nicename", "cat_name", "category_parent", "category"),
    "wp:tag": ("post_tag", "tag_slug", "tag_name", "", "tag"),
    "wp:term": ("", "term_slug", "term_name", "term_parent", "term"),
}
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
    names: dict[str, str] = field(default_factory=dict)
    channel: dict[str, str] = field(default_factory=dict)
    items: int = 0
    comments: int = 0
    told: bool = False

    def read(self) -> Iterator[Record]:
        depth, inside, known = 0, False, False
        above: list[Element] = []
        for event, element in parsed(self.path, "rss", mended):
            name = self._name(element)
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
                    yield self._comment(element)
                    above[-2].remove(element)
                depth -= 1
                above.pop()
                if depth < _RECORD and above:
                    above[-1].remove(element)
        if not known:
            raise ImportRefused(self.path, 0, "is no export of WordPress, but another feed")
        yield from self._first()

    def _is_comment(self, depth: int, name: str, above: Sequence[Element]) -> bool:
        """Whether this is a comment within a post; elsewhere it is nobody's."""
        return depth == _PART and name == "wp:comment" and self._name(above[-2]) == "item"

    def _name(self, element: Element) -> str:
        """An element's name with WordPress's usual prefix, whatever the file's prefix is."""
        tag = element.tag
        if tag not in self.names:
            space, _, local = tag.rpartition("}")
            found = (name for pattern, name in _SPACES if pattern.fullmatch(space[1:]))
            self.names[tag] = (next(found, "?:") if space else "") + local
        return self.names[tag]

    def _parts(self, element: Element) -> Mapping[str, str]:
        """The texts of an element's children, by name; of several the first."""
        parts: dict[str, str] = {}
        for each in element:
            parts.setdefault(self._name(each), "".join(each.itertext()).strip())
        return parts

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
            yield self._item(element)
        elif name in _AUTHORS:
            yield from self._first()
            yield self._author(self._parts(element))
        elif name in _TERMS:
            yield from self._first()
            yield self._term(name, self._parts(element))
        else:
            self.channel.setdefault(name, "".join(element.itertext()).strip())

    def _author(self, parts: Mapping[str, str]) -> Author:
        id_, login, email, name = (
            parts.get(f"wp:author_{key}", "") for key in ("id", "login", "email", "display_name")
        )
        return Author(id_, login, email, name or login)

    def _term(self, kind: str, parts: Mapping[str, str]) -> Term:
        taxonomy, slug, name, parent, stem = _TERMS[kind]
        return Term(
            taxonomy or parts.get("wp:term_taxonomy", ""),
            parts.get(f"wp:{slug}", ""),
            parts.get(f"wp:{name}") or parts.get(f"wp:{slug}", ""),
            parts.get(f"wp:{parent}", ""),
            parts.get(f"wp:{stem}_description", ""),
        )

    def _meta(self, element: Element, name: str) -> Meta:
        pairs = (self._parts(each) for each in element if self._name(each) == name)
        return tuple((each.get("wp:meta_key", ""), each.get("wp:meta_value", "")) for each in pairs)

    def _labels(self, element: Element) -> Iterator[Label]:
        for each in element:
            if self._name(each) == "category":
                name = "".join(each.itertext()).strip()
                taxonomy = attribute(each, "domain") or "category"
                taxonomy = "post_tag" if taxonomy == "tag" else taxonomy
                yield Label(taxonomy, attribute(each, "nicename"), name)

    def _item(self, element: Element) -> Item:
        parts = self._parts(element)

        def told(name: str) -> str:
            return parts.get(name, "")

        return Item(
            number=self.items,
            id=told("wp:post_id"),
            kind=told("wp:post_type"),
            status=told("wp:status"),
            title=told("title"),
            link=told("link"),
            guid=told("guid"),
            slug=told("wp:post_name"),
            creator=told("dc:creator"),
            content=told("content:encoded"),
            excerpt=told("excerpt:encoded"),
            date=told("wp:post_date"),
            date_gmt=told("wp:post_date_gmt"),
            modified=told("wp:post_modified"),
            modified_gmt=told("wp:post_modified_gmt"),
            parent=told("wp:post_parent"),
            order=told("wp:menu_order"),
            password=told("wp:post_password"),
            sticky=told("wp:is_sticky") == "1",
            comments_open=told("wp:comment_status") != "closed",
            attachment=told("wp:attachment_url"),
            labels=tuple(self._labels(element)),
            meta=self._meta(element, "wp:postmeta"),
        )

    def _comment(self, element: Element) -> Comment:
        parts = self._parts(element)
        self.comments += 1

        def told(name: str) -> str:
            return parts.get(f"wp:comment_{name}", "")

        return Comment(
            item=self.items,
            number=self.comments,
            id=told("id"),
            author=told("author"),
            email=told("author_email"),
            website=told("author_url"),
            date=told("date"),
            date_gmt=told("date_gmt"),
            content=told("content"),
            approved=told("approved"),
            kind=told("type"),
            parent=told("parent"),
            user=told("user_id"),
            meta=self._meta(element, "wp:commentmeta"),
        )
