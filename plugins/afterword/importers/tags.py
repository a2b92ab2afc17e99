"""HTML with the tags that Markdown can say, and with texts for what the others showed."""

import re
from typing import Final
from urllib.parse import urljoin

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import PreformattedString

from afterword.importers import fields


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS: Final = _words(
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
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)


def break_lines(soup: BeautifulSoup) -> None:
    """Make each line end in a text one that readers see."""
    for text in soup.find_all(string=re.compile("\n")):
        if text.find_parent("pre"):
            continue
        first, *others = str(text).split("\n")
        for each in reversed(others):
            text.insert_after(soup.new_tag("br"), each)
        text.replace_with(first)


def simplify(soup: BeautifulSoup, base: str) -> None:
    """Leave only tags that Markdown can say, and texts for what readers saw of the others."""
    for text in soup.find_all(string=lambda each: isinstance(each, PreformattedString)):
        if isinstance(text, CData):
            text.replace_with(str(text))
        else:
            text.extract()
    for tag in soup.find_all(True):
        _simplify_tag(soup, tag, base)
    soup.smooth()


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
        case _ if name in BLOCKS:
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
