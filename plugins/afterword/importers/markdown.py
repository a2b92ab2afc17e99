"""HTML of other systems to the Markdown of response files.

Most of it is markdownify's work, with our own rules for what responses cannot have: images and
embedded things become links, tables lines, headings bold paragraphs, and tags that nobody knows
stay visible as they were written. The result is rendered as the build will render it, and must
then say the same as the HTML did; where it does not, it is said with less markup, and at worst
with none.
"""

import re
import string
from html import unescape
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from afterword.importers import fields
from afterword.importers.ampersands import escaped
from afterword.importers.shallow import shallow
from afterword.importers.tags import BLOCKS, break_lines, simplify
from afterword.markup import clean, to_text

_EMPHASIS: Final = ("strong", "em", "del")
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>]+[^\s<>.,;:!?()\[\]'\"*_~]", re.IGNORECASE)
_ANYWHERE: Final = re.compile(r"([\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
_AT_START: Final = re.compile(r"(^|\s)([-+=]+(?=\s|$)|[-=]{2,}|#{1,6}(?=\s|$)|>)")
_NUMBER: Final = re.compile(r"((?:^|\s)\d{1,9})([.)](?=\s|$))")
_IN_LINKS: Final = re.compile(r"(:(?=//)|(?<=www)\.|@)", re.IGNORECASE)
_PUNCTUATION: Final = re.compile("([" + re.escape(string.punctuation) + "])")
_SPACE: Final = re.compile(r"\s+")
_WORD: Final = r"(?:[^\s<>&]|&(?:amp|lt|gt|quot|#0?39|#82[12]\d);)++"
_LINE: Final = f"{_WORD}(?: {_WORD})*+"
_PARAGRAPH: Final = f"<p>{_LINE}(?:<br>{_LINE})*+</p>"
_LINES: Final = re.compile(f"{_PARAGRAPH}(?:\n{_PARAGRAPH})*+")


def to_markdown(html: str, base: str = "", *, lines: bool = False) -> str:
    """Return Markdown that shows what the HTML shows.

    Relative links lead from ``base``. With ``lines`` a line end in a text is one for readers.
    """
    html = escaped(html)
    if (text := _of_lines(html)) is not None:
        return text
    soup = BeautifulSoup(shallow(html), "html.parser")
    if lines:
        break_lines(soup)
    simplify(soup, base)
    said = _squeezed(clean(fields.body(soup.get_text())))
    text = ""
    for attempt in (_rich, _calm, _plain):
        try:
            text = fields.body(attempt(soup)).strip()
        except RecursionError:
            continue
        if _squeezed(to_text(text)) == said:
            return text
    return text


def _of_lines(html: str) -> str | None:
    """What most people write: paragraphs and lines, and no other tags; None for all else.

    The same as comes of it by the long way, which takes ten times as long.
    """
    if not _LINES.fullmatch(html):
        return None
    paragraphs = html.removeprefix("<p>").removesuffix("</p>").split("</p>\n<p>")
    lines = [[unescape(line) for line in each.split("<br>")] for each in paragraphs]
    text = "\n\n".join("\n".join(map(_as_text, each)) for each in lines)
    said = clean(" ".join(line for each in lines for line in each))
    if _squeezed(to_text(text)) != _squeezed(said):
        return None
    return text


class _Converter(MarkdownConverter):
    """markdownify with our rules; it finds a tag's rule by the name ``convert_<tag>``."""

    def __init__(self) -> None:
        super().__init__(wrap=True, wrap_width=None, bullets="-")

    def escape(self, text: str, parent_tags: set[str]) -> str:
        if "a" in parent_tags:
            return _IN_LINKS.sub(r"\\\1", _escaped(text))
        return _as_text(text)

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        href = str(el["href"])
        if el.get_text() == href:
            return f"<{href}>"
        before, after = text[: text[:1].isspace()], text[len(text) - text[-1:].isspace() :]
        return f"{before}[{' '.join(text.split())}]({href}){after}"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        return " " if {"_inline", "a"} & parent_tags else "\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        longest = max(map(len, re.findall("`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        lines = text.strip("\n")
        return f"\n\n{fence}\n{lines}\n{fence}\n\n" if text.strip() else ""

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, parent_tags, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, parent_tags, "*")

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, parent_tags, "~~")


def _marked(el: Tag, text: str, parent_tags: set[str], mark: str) -> str:
    inner = text.strip()
    if "_noformat" in parent_tags or not inner or "\n\n" in inner or not _has_room(el, inner):
        return text
    start = text.index(inner)
    return f"{text[:start]}{mark}{inner}{mark}{text[start + len(inner) :]}"


def _has_room(el: Tag, inner: str) -> bool:
    """Whether marks around a text would be taken for such (CommonMark 0.31, section 6.2)."""
    before, after = el.previous_sibling, el.next_sibling
    if any(isinstance(each, Tag) and each.name in _EMPHASIS for each in (before, after)):
        return False
    left = str(before)[-1:] if isinstance(before, NavigableString) else " "
    right = str(after)[:1] if isinstance(after, NavigableString) else " "
    return not (
        (left.isalnum() and not inner[0].isalnum()) or (right.isalnum() and not inner[-1].isalnum())
    )


def _as_text(text: str) -> str:
    """A text in which nothing is markup but the links, as they are, or in angle brackets."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        parts.append(_escaped(text[end : found.start()]))
        parts.append(_bare(found.group()))
        end = found.end()
    return "".join([*parts, _escaped(text[end:])])


def _bare(address: str) -> str:
    """An address as it can stand in a text."""
    if _escaped(address) == address:
        return address
    return f"<{address}>" if _WEB.match(address) else f"www\\{_escaped(address[3:])}"


def _escaped(text: str) -> str:
    text = _ANYWHERE.sub(r"\\\1", text)
    return _NUMBER.sub(r"\1\\\2", _AT_START.sub(r"\1\\\2", text))


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)


def _rich(soup: BeautifulSoup) -> str:
    return str(_Converter().convert_soup(soup))


def _calm(soup: BeautifulSoup) -> str:
    """Without emphasis, which Markdown cannot put everywhere."""
    for tag in soup.find_all(_EMPHASIS):
        tag.unwrap()
    soup.smooth()
    return _rich(soup)


def _plain(soup: BeautifulSoup) -> str:
    """Lines and paragraphs, and not a character that could mean anything else."""
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all(list(BLOCKS)):
        tag.insert_before("\n\n")
        tag.insert_after("\n\n")
    text = re.sub(r"\n{3,}", "\n\n", soup.get_text())
    return "\n".join(_PUNCTUATION.sub(r"\\\1", each.strip()) for each in text.split("\n"))
