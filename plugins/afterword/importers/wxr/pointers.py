"""Links, anchors and pictures of an author's HTML: each of them valid, and with a name."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
# An anchor may stand in these, and else before what it is the anchor of.
_HOLDERS: Final = frozenset(
    [
        *("article", "aside", "blockquote", "dd", "details", "div", "figure", "footer", "header"),
        *("li", "main", "nav", "p", "pre", "section", "td", "th"),
    ]
)
_DASHES: Final = "-\N{EN DASH}\N{EM DASH}"


def mend_links(soup: BeautifulSoup) -> None:
    """Leave links that lead somewhere, and anchors, each once, that may be linked to."""
    linked = {str(tag["href"])[1:] for tag in soup.select('a[href^="#"]')}
    taken: set[str] = set()
    for tag in soup.find_all(True):
        name = str(tag.attrs.get("id") or tag.attrs.pop("name", ""))
        tag.attrs.pop("name", None)
        tag.attrs.pop("id", None)
        wanted = tag.name in HEADINGS or name in linked or unquote(name) in linked
        anchor = tag.name == "a" and not tag.get("href")
        if name and " " not in name and name not in taken and (wanted or anchor):
            taken.add(name)
            if tag.name in HEADINGS:
                tag["id"] = name
            else:
                _mark(soup, tag, name)
    for tag in soup.find_all("a"):
        if not _leads(str(tag.get("href") or "").strip()):
            tag.unwrap()
        elif around := tag.find_parent("a"):
            around.unwrap()


def _mark(soup: BeautifulSoup, tag: Tag, name: str) -> None:
    """Put an anchor of its own where a tag begins."""
    mark = soup.new_tag("span", id=name)
    if tag.name in _HOLDERS:
        tag.insert(0, mark)
    elif tag.name not in {"tbody", "tfoot", "thead", "tr"}:
        tag.insert_before(mark)


def _leads(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    web = parts.scheme in {"http", "https", "ftp"}
    return bool(address) and parts.scheme != "data" and bool(parts.netloc or not web)


def mend_pictures(soup: BeautifulSoup) -> None:
    """Give pictures a description: an empty one, or what a link with nothing else is called."""
    for tag in soup.find_all("img"):
        source = str(tag.get("src") or "").strip()
        if not source:
            tag.decompose()
            continue
        alt = str(tag.get("alt") or "")
        tag["alt"] = alt
        link = tag.find_parent("a")
        if link and link["href"] == source and not link.get_text().strip():
            link.unwrap()  # it is the whole of it already
        elif link and not alt.strip() and not link.get_text().strip():
            tag["alt"] = next(filter(None, _names(tag, link, source)))


def _names(tag: Tag, link: Tag, source: str) -> Iterator[str]:
    for each in (tag, link):
        yield " ".join(str(each.get("title") or "").split())
    figure = tag.find_parent("figure")
    caption = figure.find("figcaption") if figure else None
    yield " ".join(caption.get_text().split()) if caption else ""
    name = unquote(_path(source))
    yield name.rstrip("/").rpartition("/")[2].rpartition(".")[0].replace("-", " ")
    yield str(link["href"])


def _path(address: str) -> str:
    """The path of what is shown; empty for what is no address of a file."""
    try:
        return "" if address.startswith("data:") else urlsplit(address).path
    except ValueError:
        return ""


def part(soup: BeautifulSoup) -> None:
    """Part what only its looks have parted: links side by side, and a quote and its source."""
    for tag in soup.find_all("a"):
        if isinstance(following := tag.next_sibling, Tag) and following.name == "a":
            tag.insert_after(" ")
    for tag in soup.select("blockquote > cite, blockquote > footer"):
        said = tag.get_text().lstrip()
        if said and said[0] not in _DASHES:
            tag.insert_before(" ")
            tag.insert(0, "— ")
