"""What a page would fetch from elsewhere to show it: films, sounds, frames."""

import re
from collections.abc import Iterator
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

_EMBEDDED: Final = ("audio", "embed", "iframe", "object", "video")
_ALONE: Final = re.compile(r"\A\s*https?://[^\s<>]+\s*\Z")


def unembed(soup: BeautifulSoup) -> Iterator[str]:
    """Make links of what would be asked of other sites; an address alone stands for it, too."""
    for tag in soup.find_all(_EMBEDDED):
        if tag.decomposed:
            continue
        likely = (tag, *tag.find_all(["source", "embed", "param"]))
        address = next(filter(None, map(_source, likely)), "")
        if address:
            link = soup.new_tag("a", href=address)
            link.string = address
            tag.replace_with(link)
            yield f"had {address} embedded, and links to it now"
        else:
            tag.unwrap()
    for tag in soup.find_all(["param", "source"]):
        tag.unwrap()
    for tag in soup.find_all(["p", "div"]):
        inside = tag.contents[0] if len(tag.contents) == 1 else None
        if isinstance(inside, NavigableString) and _ALONE.match(inside):
            address = inside.strip()
            link = soup.new_tag("a", href=address)
            link.string = address
            inside.replace_with(link)


def _source(tag: Tag) -> str:
    """What a tag would fetch from elsewhere."""
    if tag.name == "param":
        return str(tag.get("value") or "") if tag.get("name") in {"movie", "src"} else ""
    return str(tag.get("src") or tag.get("data") or "")
