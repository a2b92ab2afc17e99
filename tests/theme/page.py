"""A page as a parser for HTML understands it, so that tests need not look at brackets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

import html5lib


def text_of(element: Element) -> str:
    """All text below an element, with white space as a browser would collapse it."""
    return " ".join("".join(element.itertext()).split())


@dataclass(frozen=True)
class Page:
    """The elements of an HTML document."""

    root: Element

    @classmethod
    def parse(cls, html: str) -> Self:
        """Parse a whole document. Raises html5lib's ParseError where the syntax is wrong."""
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        return cls(parser.parse(html))

    def all(self, tag: str = "*", class_: str = "", **attributes: str) -> list[Element]:
        """The elements of a name, class and values of attributes, in the page's order."""
        return list(self._matching(tag, class_, attributes))

    def one(self, tag: str = "*", class_: str = "", **attributes: str) -> Element:
        """The only element of that description."""
        found = self.all(tag, class_, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag}.{class_} {attributes}"
        return found[0]

    def text(self, tag: str = "*", class_: str = "", **attributes: str) -> str:
        """What the only element of that description says."""
        return text_of(self.one(tag, class_, **attributes))

    def texts(self, tag: str = "*", class_: str = "", **attributes: str) -> list[str]:
        """What each element of that description says."""
        return [text_of(each) for each in self.all(tag, class_, **attributes)]

    def within(self, tag: str = "*", class_: str = "", **attributes: str) -> Self:
        """The part of the page below the only element of that description."""
        return type(self)(self.one(tag, class_, **attributes))

    def _matching(self, tag: str, class_: str, attributes: dict[str, str]) -> Iterator[Element]:
        for element in self.root.iter(tag):
            classes = element.get("class", "").split()
            if (not class_ or class_ in classes) and all(
                element.get(name.rstrip("_")) == value for name, value in attributes.items()
            ):
                yield element
