"""HTML of other systems to the Markdown of response files.

Most of it is markdownify's work, with our own rules for what responses cannot have: images and
embedded things become links, tables lines, headings bold paragraphs, and tags that nobody knows
stay visible as they were written. The result is rendered as the build will render it, and must
then say the same as the HTML did; where it does not, it is said with less markup, and at worst
with none.
"""

import re
import string
from typing import Final
from urllib.parse import urljoin

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import NavigableString, PreformattedString
from markdownify import MarkdownConverter

from afterword.importers import fields
from afterword.markup import clean, to_text


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCKS: Final = _words(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary "
    "table tbody tfoot thead tr ul"
)
_SAME_AS: Final = {
    "b": "strong",
    **dict.fromkeys(("i", "cite", "var", "dfn"), "em"),
    **dict.fromkeys(("s", "strike"), "del"),
    **dict.fromkeys(("tt", "kbd", "samp"), "code"),
    **dict.fromkeys(("xmp", "listing"), "pre"),
    **dict.fromkeys(("dir", "menu"), "ul"),
}
_KEPT: Final = _words("blockquote br code del div em hr li ol p pre strong ul")
# They mark up nothing that a reader would miss.
_SILENT: Final = _words(
    "abbr acronym bdi bdo big data font ins label mark nobr output rp rt ruby small span sub time "
    "u wbr head title caption col colgroup noscript picture button select option optgroup textarea "
    "noembed"
)
_EMBEDDED: Final = _words("audio embed frame iframe object source track video")
_EMPHASIS: Final = ("strong", "em", "del")
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>]+[^\s<>.,;:!?()\[\]'\"*_~]", re.IGNORECASE)
_ANYWHERE: Final = re.compile(r"([\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
_AT_START: Final = re.compile(r"(^|\s)([-+=]+(?=\s|$)|[-=]{2,}|#{1,6}(?=\s|$)|>)")
_NUMBER: Final = re.compile(r"((?:^|\s)\d{1,9})([.)](?=\s|$))")
_IN_LINKS: Final = re.compile(r"(:(?=//)|(?<=www)\.|@)", re.IGNORECASE)
_PUNCTUATION: Final = re.compile("([" + re.escape(string.punctuation) + "])")
_MAX_DEPTH: Final = 60
_SPACE: Final = re.compile(r"\s+")


def to_markdown(html: str, base: str = "", *, lines: bool = False) -> str:
    """Return Markdown that shows what the HTML shows.

    Relative links lead from ``base``. With ``lines`` a line end in a text is one for readers.
    """
    soup = BeautifulSoup(html, "html.parser")
    if lines:
        _break_lines(soup)
    _simplify(soup, base)
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


class _Converter(MarkdownConverter):
    """markdownify with our rules; it finds a tag's rule by the name ``convert_<tag>``."""

    def __init__(self) -> None:
        super().__init__(wrap=True, wrap_width=None, bullets="-")

    def escape(self, text: str, parent_tags: set[str]) -> str:
        if "a" in parent_tags:
            return _IN_LINKS.sub(r"\\\1", _escaped(text))
        # Links that stand in the text stay there as they are, or else in angle brackets.
        parts, end = [], 0
        for found in _ADDRESS.finditer(text):
            address = found.group()
            parts.append(_escaped(text[end : found.start()]))
            parts.append(_bare(address))
            end = found.end()
        return "".join([*parts, _escaped(text[end:])])

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
    for tag in soup.find_all(list(_BLOCKS)):
        tag.insert_before("\n\n")
        tag.insert_after("\n\n")
    text = re.sub(r"\n{3,}", "\n\n", soup.get_text())
    return "\n".join(_PUNCTUATION.sub(r"\\\1", each.strip()) for each in text.split("\n"))


def _break_lines(soup: BeautifulSoup) -> None:
    for text in soup.find_all(string=re.compile("\n")):
        if text.find_parent("pre"):
            continue
        first, *others = str(text).split("\n")
        for each in reversed(others):
            text.insert_after(soup.new_tag("br"), each)
        text.replace_with(first)


def _simplify(soup: BeautifulSoup, base: str) -> None:
    """Leave only tags that Markdown can say, and texts for what readers saw of the others."""
    for text in soup.find_all(string=lambda each: isinstance(each, PreformattedString)):
        if isinstance(text, CData):
            text.replace_with(str(text))
        else:
            text.extract()
    _flatten(soup)
    for tag in soup.find_all(True):
        _simplify_tag(soup, tag, base)
    soup.smooth()


def _flatten(soup: BeautifulSoup) -> None:
    """Take away tags that stand deeper than anybody can follow; what they hold stays."""
    depths = {id(soup): 0}
    for tag in soup.find_all(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
    for tag in soup.find_all(True):
        if depths[id(tag)] > _MAX_DEPTH:
            if tag.name in _BLOCKS:
                tag.insert(0, " ")
            tag.unwrap()


def _simplify_tag(soup: BeautifulSoup, tag: Tag, base: str) -> None:  # noqa: C901, PLR0912  # a case for each kind of tag
    name = tag.name = _SAME_AS.get(tag.name, tag.name)
    match name:
        case "a":
            _link(tag, base)
        case "img":
            _image(soup, tag, base)
        case "q":
            tag.insert(0, "“")
            tag.append("”")
            tag.unwrap()
        case "sup":
            tag.insert(0, "^")
            tag.unwrap()
        case "td" | "th":
            if tag.find_next_sibling(["td", "th"]):
                tag.append(" | ")
            tag.unwrap()
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            tag.name = "p"
            tag.attrs = {}
            bold = soup.new_tag("strong")
            bold.extend(list(tag.contents))
            tag.append(bold)
        case "script" | "style" | "template":
            inside = "".join(map(str, tag.strings)) or tag.decode_contents()
            tag.replace_with(f"{_opening(tag)}{inside}</{name}>")
        case _ if name in _EMBEDDED:
            _embedded(soup, tag, base)
        case _ if name in _KEPT:
            tag.attrs = {key: tag[key] for key in ("start",) if key in tag.attrs}
        case _ if name in _BLOCKS:
            tag.name = "div"
            tag.attrs = {}
        case _ if name in _SILENT:
            tag.unwrap()
        case _:
            tag.insert_before(_opening(tag))
            tag.unwrap()


def _opening(tag: Tag) -> str:
    attributes = "".join(
        f' {key}="{" ".join(value) if isinstance(value, list) else value}"'
        for key, value in tag.attrs.items()
    )
    return f"<{tag.name}{attributes}>"


def _web(address: object, base: str) -> str | None:
    """A full address that can stand in brackets, or None."""
    try:
        full = urljoin(base, str(address or "").strip())
    except ValueError:
        return None
    found = fields.website(full) if _WEB.match(full) else None
    return found.replace("(", "%28").replace(")", "%29") if found else None


def _link(tag: Tag, base: str) -> None:
    address = _web(tag.get("href"), base)
    around = tag.find_parent("a", href=True)
    if address and around is None:
        tag.attrs = {"href": address}
        return
    if around is not None and around["href"] == address:
        tag.unwrap()
        return
    shown = str(tag.get("href") or "").strip()
    scheme, colon, rest = shown.partition(":")
    silent = colon and scheme.lower() in {"javascript", "data", "vbscript", "about"}
    said = rest if scheme.lower() == "mailto" else shown
    if said and not silent and not shown.startswith("#") and said not in tag.get_text():
        tag.append(f" ({said})")
    tag.unwrap()


def _image(soup: BeautifulSoup, tag: Tag, base: str) -> None:
    address = _web(tag.get("src"), base)
    said = " ".join(str(tag.get("alt") or tag.get("title") or "").split())
    if address and not tag.find_parent("a", href=True):
        link = soup.new_tag("a", href=address)
        link.string = said or address
        tag.replace_with(link)
    else:
        tag.replace_with(said)


def _embedded(soup: BeautifulSoup, tag: Tag, base: str) -> None:
    address = _web(tag.get("src") or tag.get("data"), base)
    if address and not tag.find_parent("a", href=True):
        link = soup.new_tag("a", href=address)
        link.string = address
        tag.insert_before(" ", link, " ")
    tag.unwrap()
