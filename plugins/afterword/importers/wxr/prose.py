"""HTML of posts to the Markdown that the site's author goes on writing.

Each block is converted by itself. The whole is rendered as the build will render it, and has to
say the same, with the same links and pictures, as before. Where it does not, each block is
looked at, and those that are at fault stay HTML, which is Markdown too: nothing is lost, and only
what is odd looks odd.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString
from markdown import Markdown

from afterword.importers.shallow import shallow
from afterword.importers.wxr.converter import Converter
from afterword.importers.wxr.embedded import unembed
from afterword.importers.wxr.inert import inert
from afterword.importers.wxr.wellformed import (
    MOST_TAGS,
    has_too_many_tags,
    is_deep,
    modernise,
    well_formed,
)

_EXTENSIONS: Final = ("extra", "sane_lists")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INLINE: Final = _words(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q s "
    "samp small span strike strong sub sup time tt u var wbr"
)
_DROPPED: Final = ("script", "style", "noscript", "template")
_LEFT_OUT: Final = re.compile(r"<(script|form|svg|canvas)\b", re.IGNORECASE)
_THINGS: Final = {"svg": "drawing (svg)", "canvas": "drawing (canvas)"}
# How a block begins that goes on in the next one of its kind.
_GROWING: Final = re.compile(r"\A\d*(> ?|- |\. )")
_GALLERY: Final = re.compile(r"\Ablocks-gallery-(grid|item)\Z")
_SPACE: Final = re.compile(r"\s+")
# A paragraph of ten pages.
_MOST_LETTERS: Final = 20_000

Lead = Callable[[str, bool], str]
"""Says where an address leads now, of a link or else of what is shown."""


def prose(html: str, lead: Lead) -> tuple[str, tuple[str, ...]]:
    """Return Markdown that shows what the HTML shows, and what of it does not come along."""
    sound = well_formed(html)
    deep = is_deep(sound)
    soup = BeautifulSoup(shallow(sound, MOST_TAGS) if deep else sound, "html.parser")
    notes = [*_left_out(html), *_prepare(soup, lead)]
    if deep:
        notes.append("has tags in tags without end; the innermost stay out")
    blocks = list(_blocks(soup))
    texts = [_converted(each) for each in blocks]
    markdown = Markdown(extensions=list(_EXTENSIONS))
    if None in texts or not _same(blocks, _joined(texts), markdown):
        texts = [_sure(each, text, markdown) for each, text in zip(blocks, texts, strict=True)]
    return _joined(texts), tuple(notes)


def _left_out(html: str) -> Iterator[str]:
    """Say what no page here may hold."""
    if has_too_many_tags(html):
        yield f"has more than {MOST_TAGS:,} tags; those after them stay out"
    for name in dict.fromkeys(found[1].lower() for found in _LEFT_OUT.finditer(html)):
        yield f"has a {_THINGS.get(name, name)}, which stays out"


def _prepare(soup: BeautifulSoup, lead: Lead) -> Iterator[str]:
    """Take away what no page here may hold, and lead links to where they belong."""
    for text in soup.find_all(string=lambda each: isinstance(each, PreformattedString)):
        text.extract()
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    yield from unembed(soup)
    for tag in soup.find_all(class_=_GALLERY):
        tag.unwrap()
    for tag in soup.find_all(True):
        tag.attrs = {name: inert(name, value) for name, value in tag.attrs.items()}
    for name in ("href", "src"):
        for tag in soup.select(f"[{name}]"):
            address = str(tag[name]).strip()
            led = lead(address, name == "src")
            tag[name] = _address(led)
            # A file that is here is not to be called what it was called elsewhere.
            if led.startswith("{static}") and tag.get_text().strip() == address:
                tag.string = unquote(led).rpartition("/")[2]
    modernise(soup)
    soup.smooth()


def _blocks(soup: BeautifulSoup) -> Iterator[Tag]:
    """The blocks at the top; words that stand there alone are paragraphs."""
    loose: list[PageElement] = []
    for each in [*list(soup.contents), None]:
        if isinstance(each, NavigableString) or (isinstance(each, Tag) and each.name in _INLINE):
            loose.append(each)
            continue
        if any(isinstance(one, Tag) or str(one).strip() for one in loose):
            paragraph = soup.new_tag("p")
            paragraph.extend(loose)
            yield paragraph
        loose = []
        if isinstance(each, Tag):
            yield each


def _converted(tag: Tag) -> str | None:
    """A block in Markdown, as far as can be told without rendering it; None if that cannot be."""
    if any(not _headed(each) for each in [tag, *tag.find_all("table")] if each.name == "table"):
        return None
    if _is_endless(tag):
        return None
    try:
        text = str(Converter().convert_soup(tag)).strip("\n").rstrip()
    except RecursionError:
        return None
    return text if _has_code(tag) else re.sub(r"\n{3,}", "\n\n", text)


def _is_endless(tag: Tag) -> bool:
    """Whether it has a paragraph so long that Markdown takes ever longer to read it."""
    if any(len(each.get_text()) > _MOST_LETTERS for each in [tag, *tag("p")] if each.name == "p"):
        return True
    return any(len(each) > _MOST_LETTERS and not each.find_parent("pre") for each in tag.strings)


def _has_code(tag: Tag) -> bool:
    """Whether empty lines mean something in it."""
    return tag.name == "pre" or tag.find("pre") is not None


def _headed(table: Tag) -> bool:
    """Whether a table begins with a row of headings: Markdown has no others."""
    row = table.find("tr")
    cells = row.find_all(["td", "th"]) if row else []
    return bool(cells) and all(each.name == "th" for each in cells)


def _sure(tag: Tag, text: str | None, markdown: Markdown) -> str:
    """A block in Markdown if that says the same, or else in HTML."""
    if text is not None and _same([tag], text, markdown):
        return text
    return str(tag) if _has_code(tag) else re.sub(r"\n\s*\n", "\n", str(tag))


def _joined(texts: Sequence[str | None]) -> str:
    """One text of several; two quotes or lists, one after the other, stay two."""
    pieces: list[str] = []
    for text in filter(None, texts):
        if pieces and (kind := _growing(text)) and kind == _growing(pieces[-1]):
            pieces.append("<!-- -->")
        pieces.append(text)
    return "\n\n".join(pieces)


def _growing(text: str) -> str:
    found = _GROWING.match(text)
    return found[1].strip() if found else ""


def _same(blocks: Sequence[Tag], text: str, markdown: Markdown) -> bool:
    """Whether a text is rendered to what says the same as these blocks."""
    markdown.reset()
    shown = BeautifulSoup(markdown.convert(text), "html.parser")
    return _said(blocks) == _said([shown])


def _said(tags: Sequence[Tag]) -> tuple[str, Counter[str]]:
    """The words of pieces of HTML, and where their links and pictures lead."""
    found: Counter[str] = Counter()
    for each in (one for tag in tags for one in (tag, *tag.find_all(True))):
        for name in ("href", "src"):
            if name in each.attrs and (
                each.name != "a" or each.get_text().strip() or each.find("img")
            ):
                found[str(each[name])] += 1
    return _SPACE.sub("", "".join(tag.get_text() for tag in tags)), found


def _address(address: str) -> str:
    """An address as it can stand in brackets; the same one for whoever follows it."""
    return re.sub(r"[\s()<>\"']", lambda found: quote(found.group()), address)
