"""The elements of an export, made records: whatever the prefixes of the file are."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from afterword.importers.wxr.records import Author, Comment, Item, Label, Meta, Term
from afterword.importers.xml import attribute

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


class Elements:
    """The elements of one file. Their names are remembered."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, element: Element) -> str:
        """An element's name with WordPress's usual prefix, whatever the file's prefix is."""
        tag = element.tag
        if tag not in self._names:
            space, _, local = tag.rpartition("}")
            found = (name for pattern, name in _SPACES if pattern.fullmatch(space[1:]))
            self._names[tag] = (next(found, "?:") if space else "") + local
        return self._names[tag]

    def _parts(self, element: Element) -> Mapping[str, str]:
        """The texts of an element's children, by name; of several the first."""
        parts: dict[str, str] = {}
        for each in element:
            parts.setdefault(self.name(each), "".join(each.itertext()).strip())
        return parts

    def is_term(self, element: Element) -> bool:
        """Whether it is a category, a tag, or a term of another taxonomy."""
        return self.name(element) in _TERMS

    def author(self, element: Element) -> Author:
        """Return who may write there."""
        parts = self._parts(element)
        id_, login, email, name = (
            parts.get(f"wp:author_{key}", "") for key in ("id", "login", "email", "display_name")
        )
        return Author(id_, login, email, name or login)

    def term(self, element: Element) -> Term:
        """Return a category, a tag, or a term of another taxonomy."""
        parts = self._parts(element)
        taxonomy, slug, name, parent, stem = _TERMS[self.name(element)]
        return Term(
            taxonomy or parts.get("wp:term_taxonomy", ""),
            parts.get(f"wp:{slug}", ""),
            parts.get(f"wp:{name}") or parts.get(f"wp:{slug}", ""),
            parts.get(f"wp:{parent}", ""),
            parts.get(f"wp:{stem}_description", ""),
            parts.get("wp:term_id", ""),
        )

    def _meta(self, element: Element, name: str) -> Meta:
        pairs = (self._parts(each) for each in element if self.name(each) == name)
        return tuple((each.get("wp:meta_key", ""), each.get("wp:meta_value", "")) for each in pairs)

    def _labels(self, element: Element) -> Iterator[Label]:
        for each in element:
            if self.name(each) == "category":
                name = "".join(each.itertext()).strip()
                taxonomy = attribute(each, "domain") or "category"
                taxonomy = "post_tag" if taxonomy == "tag" else taxonomy
                yield Label(taxonomy, attribute(each, "nicename"), name)

    def item(self, element: Element, number: int) -> Item:
        """Return a post, or what else is kept as one."""
        parts = self._parts(element)

        def told(name: str) -> str:
            return parts.get(name, "")

        return Item(
            number=number,
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

    def comment(self, element: Element, item: int, number: int) -> Comment:
        """Return a response to the item of that number."""
        parts = self._parts(element)

        def told(name: str) -> str:
            return parts.get(f"wp:comment_{name}", "")

        return Comment(
            item=item,
            number=number,
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
