"""What the specifications demand of a feed, as far as a machine can tell.

Each function returns the faults that it finds, in words; none for a valid feed. Sources: the
RSS 2.0 specification with the RSS Advisory Board's profile, RFC 4287 (Atom), RFC 4685
(threads), RFC 5005 (archives), RFC 3986 (addresses), JSON Feed 1.1.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, fromstring

ATOM: Final = "{http://www.w3.org/2005/Atom}"
CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
FH: Final = "{http://purl.org/syndication/history/1.0}"
SLASH: Final = "{http://purl.org/rss/1.0/modules/slash/}"
SY: Final = "{http://purl.org/rss/1.0/modules/syndication/}"
THR: Final = "{http://purl.org/syndication/thread/1.0}"
WFW: Final = "{http://wellformedweb.org/CommentAPI/}"
XML: Final = "{http://www.w3.org/XML/1998/namespace}"

_CHARACTER: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_URI: Final = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:\[[0-9A-Fa-f:.]+\]|{_CHARACTER})*(?=[/?#]|$))?"
    rf"(?:{_CHARACTER}|/)*(?:\?(?:{_CHARACTER}|[/?])*)?(?:#(?:{_CHARACTER}|[/?])*)?"
)
_RFC822: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT"
)
_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_NUMBER: Final = re.compile(r"\d+")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")

_TYPES: Final = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


def is_uri(text: str) -> bool:
    """Whether a text is an absolute URI."""
    return bool(_URI.fullmatch(text))


def parse(text: str) -> Element:
    """Parse as strictly as expat does, from the bytes of a file."""
    return fromstring(text.encode("utf-8"))  # noqa: S314  # our own output


def rss_faults(text: str) -> list[str]:
    """What is wrong with an RSS 2.0 document."""
    return list(_rss(parse(text)))


def atom_faults(text: str) -> list[str]:
    """What is wrong with an Atom document."""
    return list(_atom(parse(text)))


def json_faults(text: str) -> list[str]:
    """What is wrong with a JSON Feed document."""
    return list(_json(json.loads(text)))


def _count(parent: Element, name: str, least: int, most: int) -> Iterator[str]:
    if not least <= len(parent.findall(name)) <= most:
        yield f"{len(parent.findall(name))} of {name} in {parent.tag}"


def _text(parent: Element, name: str, holds: Callable[[str], object]) -> Iterator[str]:
    for element in parent.findall(name):
        if not holds(element.text or "") or len(element):
            yield f"{name} is {element.text!r}"


def _each_once(values: Iterable[object], of_what: str) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{of_what} {value!r} stands {count} times"


def _archive_links(parent: Element, form: str) -> Iterator[str]:
    relations = [link.get("rel", "alternate") for link in parent.findall(f"{ATOM}link")]
    yield from _each_once(relations, "link")
    if "self" not in relations:
        yield "no link to itself"
    is_archive = parent.find(f"{FH}archive") is not None
    if is_archive != ("current" in relations):
        yield "an archive without its current document, or the other way round"
    for link in parent.findall(f"{ATOM}link"):
        if not is_uri(link.get("href", "")):
            yield f"link to {link.get('href')!r}"
        if link.get("rel") != "alternate" and link.get("type") != _TYPES[form]:
            yield f"link of type {link.get('type')}"


def _rss(root: Element) -> Iterator[str]:
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None or len(root) > 1:
        yield "no RSS 2.0"
        return
    for name in ("title", "link", "description", "lastBuildDate", "generator"):
        yield from _count(channel, name, 1, 1)
    for name in ("language", f"{SY}updatePeriod", f"{SY}updateFrequency"):
        yield from _count(channel, name, 0, 1)
    yield from _text(channel, "title", str.strip)
    yield from _text(channel, "description", str.strip)
    yield from _text(channel, "link", is_uri)
    yield from _text(channel, "language", _LANGUAGE.fullmatch)
    yield from _text(channel, "lastBuildDate", _RFC822.fullmatch)
    yield from _archive_links(channel, "rss")
    items = channel.findall("item")
    yield from _each_once((item.findtext("guid") for item in items), "guid")
    for item in items:
        yield from _rss_item(item)


def _rss_item(item: Element) -> Iterator[str]:
    for name in ("link", "guid", "pubDate", "description"):
        yield from _count(item, name, 1, 1)
    for name in ("title", f"{CONTENT}encoded", "comments", f"{WFW}commentRss", f"{SLASH}comments"):
        yield from _count(item, name, 0, 1)
    yield from _count(item, "enclosure", 0, 1)
    for enclosure in item.findall("enclosure"):
        yield from _file(enclosure, "url")
        if enclosure.get("length") is None:
            yield "an enclosure without a length"
    yield from _count(item, "author", 0, 0)  # wants an e-mail address, which nobody gives
    yield from _text(item, "guid", str.strip)
    yield from _text(item, "pubDate", _RFC822.fullmatch)
    yield from _text(item, f"{SLASH}comments", _NUMBER.fullmatch)
    yield from _text(item, f"{DC}creator", str.strip)
    yield from _text(item, "category", str.strip)
    for name in ("link", "comments", f"{WFW}commentRss"):
        yield from _text(item, name, is_uri)
    for guid in item.findall("guid"):
        if guid.get("isPermaLink") != "false":
            yield "a guid that says to be an address"
    known = {"title", "link", "guid", "pubDate", "description", "category", "comments", "enclosure"}
    known |= {f"{DC}creator", f"{CONTENT}encoded", f"{WFW}commentRss", f"{SLASH}comments"}
    yield from (f"unknown {child.tag}" for child in item if child.tag not in known)


def _file(element: Element, address: str) -> Iterator[str]:
    """What is wrong with an element that leads to a file."""
    if not is_uri(element.get(address, "")):
        yield f"{address} is {element.get(address)!r}"
    if not _NUMBER.fullmatch(element.get("length", "0")):
        yield f"length is {element.get('length')!r}"
    if not _MEDIA_TYPE.fullmatch(element.get("type", "")):
        yield f"type is {element.get('type')!r}"


def _atom(root: Element) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        yield "no Atom"
        return
    yield from _atom_common(root)
    yield from _count(root, f"{ATOM}subtitle", 0, 1)
    yield from _archive_links(root, "atom")
    entries = root.findall(f"{ATOM}entry")
    yield from _each_once((entry.findtext(f"{ATOM}id") for entry in entries), "id")
    for entry in entries:
        yield from _atom_entry(entry)


def _atom_common(parent: Element) -> Iterator[str]:
    for name in ("id", "title", "updated"):
        yield from _count(parent, ATOM + name, 1, 1)
    yield from _text(parent, f"{ATOM}id", is_uri)
    yield from _text(parent, f"{ATOM}updated", _RFC3339.fullmatch)
    if not _LANGUAGE.fullmatch(parent.get(f"{XML}lang", "en")):
        yield f"language {parent.get(f'{XML}lang')!r}"
    for author in parent.findall(f"{ATOM}author"):
        yield from _count(author, f"{ATOM}name", 1, 1)
        yield from _count(author, f"{ATOM}uri", 0, 1)
        yield from _text(author, f"{ATOM}name", str.strip)
        yield from _text(author, f"{ATOM}uri", is_uri)


def _atom_entry(entry: Element) -> Iterator[str]:
    yield from _atom_common(entry)
    yield from _count(entry, f"{ATOM}published", 1, 1)
    yield from _count(entry, f"{ATOM}author", 1, 99)
    for name in (f"{ATOM}summary", f"{ATOM}content", f"{THR}total", f"{THR}in-reply-to"):
        yield from _count(entry, name, 0, 1)
    yield from _text(entry, f"{ATOM}published", _RFC3339.fullmatch)
    yield from _text(entry, f"{THR}total", _NUMBER.fullmatch)
    links = entry.findall(f"{ATOM}link")
    for link in [each for each in links if each.get("rel") == "enclosure"]:
        links.remove(link)
        yield from _file(link, "href")
    yield from _each_once(((link.get("rel"), link.get("type")) for link in links), "link")
    if "alternate" not in {link.get("rel") for link in links}:
        yield "no link to the page"
    for element, name in [
        *((link, "href") for link in links),
        *((answered, "href") for answered in entry.findall(f"{THR}in-reply-to")),
        *((answered, "ref") for answered in entry.findall(f"{THR}in-reply-to")),
        *((category, "scheme") for category in entry.findall(f"{ATOM}category")),
        *((content, f"{XML}base") for content in entry.findall(f"{ATOM}content")),
    ]:
        if not is_uri(element.get(name, "")):
            yield f"{name} is {element.get(name)!r}"
    for category in entry.findall(f"{ATOM}category"):
        if not category.get("term", "").strip():
            yield "a category without a term"


_JSON_FEED: Final = {"version", "title", "home_page_url", "feed_url", "description", "next_url"}
_JSON_ITEM: Final = {"id", "url", "title", "content_html", "content_text", "summary", "tags"}
_JSON_FILE: Final = {"url", "mime_type", "size_in_bytes"}
_JSON_DATES: Final = {"date_published", "date_modified"}
_JSON_BOTH: Final = {"authors", "language"}


def _json(feed: dict[str, Any]) -> Iterator[str]:
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "no JSON Feed 1.1"
    if not feed.get("title") or not isinstance(feed.get("items"), list):
        yield "no title or no items"
    yield from (f"unknown {key}" for key in feed.keys() - _JSON_FEED - _JSON_BOTH - {"items"})
    for key in ("home_page_url", "feed_url", "next_url"):
        if not is_uri(feed.get(key, "x:")):
            yield f"{key} is {feed[key]!r}"
    yield from _json_both(feed)
    yield from _each_once((item.get("id") for item in feed["items"]), "id")
    for item in feed["items"]:
        yield from _json_item(item)


def _json_item(item: dict[str, Any]) -> Iterator[str]:
    own = {key for key in item if not key.startswith("_")}
    yield from (
        f"unknown {key}" for key in own - {"attachments"} - _JSON_ITEM - _JSON_DATES - _JSON_BOTH
    )
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield "no id"
    if ("content_html" in item) == ("content_text" in item):
        yield "not one content"
    if not is_uri(item.get("url", "")):
        yield f"url is {item.get('url')!r}"
    for file in item.get("attachments", []):
        if not is_uri(file["url"]) or not _MEDIA_TYPE.fullmatch(file["mime_type"]):
            yield f"attachment {file!r}"
        if file.keys() - _JSON_FILE or not isinstance(file.get("size_in_bytes", 0), int):
            yield f"attachment {file!r}"
    for key in _JSON_DATES & item.keys():
        if not _RFC3339.fullmatch(item[key]):
            yield f"{key} is {item[key]!r}"
    if not all(isinstance(tag, str) and tag for tag in item.get("tags", [])):
        yield f"tags are {item['tags']!r}"
    yield from _json_both(item)


def _json_both(thing: dict[str, Any]) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(thing.get("language", "en")):
        yield f"language is {thing['language']!r}"
    for author in thing.get("authors", []):
        if not (author.get("name") or author.get("url")) or author.keys() - {"name", "url"}:
            yield f"author {author!r}"
        if not is_uri(author.get("url", "x:")):
            yield f"author's url {author['url']!r}"
