"""Atom (RFC 4287), with threads (RFC 4685) and archives (RFC 5005)."""

from collections.abc import Iterable
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from feeds.addresses import is_uri, language_tag, uri
from feeds.archive import Part
from feeds.characters import escaped, speakable
from feeds.dates import rfc3339
from feeds.elements import DECLARATION, address, named, stylesheet, text
from feeds.model import Category, Enclosure, Feed, Format, Item, Person, Replies
from feeds.written import Written

FOOT: Final = "</feed>\n"

# Atom wants an author of everything.
_NOBODY: Final = (Person("Anonymous"),)
_OPENING: Final = """\
<feed xmlns="http://www.w3.org/2005/Atom"
      xmlns:fh="http://purl.org/syndication/history/1.0"
      xmlns:thr="http://purl.org/syndication/thread/1.0\""""


def head(part: Part) -> str:
    """Return what stands before the entries of a document."""
    feed = part.feed
    language = language_tag(feed.language)
    subtitle = f"<subtitle>{escaped(feed.description)}</subtitle>\n"
    archive = f"<fh:archive/>\n{_link(feed, 'current', feed.path)}"
    return (
        f"{DECLARATION}{stylesheet(feed)}{_OPENING}{_in_language(language)}>\n"
        f"<id>{escaped(feed.id)}</id>\n"
        f"<title>{escaped(text(feed.title) or uri(feed.page))}</title>\n"
        f"{subtitle if text(feed.description) else ''}"
        f"<updated>{rfc3339(part.updated)}</updated>\n"
        "<generator>Afterword</generator>\n"
        f"{_link(feed, 'self', part.path)}"
        f'<link rel="alternate" type="text/html" href="{address(feed.page)}"/>\n'
        f"{archive if part.is_archive else ''}"
        f"{_link(feed, 'prev-archive', part.older)}"
        f"{_link(feed, 'next-archive', part.newer)}"
        f"{_authors(named(feed.authors))}\n"
    )


def write(item: Item, feed_language: str, feed_authors: tuple[Person, ...]) -> Written:
    """Return an entry."""
    language = language_tag(item.language)
    foreign = "" if language == language_tag(feed_language) else _in_language(language)
    authors = named(item.authors) or named(feed_authors) or _NOBODY
    there = address(item.url)
    summary = f"<summary>{escaped(item.summary)}</summary>\n"
    content = f'<content type="html" xml:base="{there}">{escaped(item.content or "")}</content>\n'
    before = (
        f"<entry{foreign}>\n"
        f"<id>{_id(item.id)}</id>\n"
        f"<title>{escaped(item.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href="{there}"/>\n'
        f"{''.join(map(_enclosure, item.enclosures))}"
        f"<published>{rfc3339(item.published)}</published>\n"
        f"<updated>{rfc3339(item.updated)}</updated>\n"
        f"{_authors(authors)}\n"
        f"{''.join(map(_category, named(item.categories)))}"
        f"{_answered(item)}"
    )
    after = (
        f"{summary if text(item.summary) else ''}"
        f"{'' if item.content is None else content}"
        "</entry>\n"
    )
    return Written(speakable(before), replies(item.replies), speakable(after))


def replies(of: Replies | None) -> str:
    """Return what an entry says of its responses."""
    if not of:
        return ""
    since = f' thr:updated="{rfc3339(of.updated)}"' if of.updated else ""
    here = of.feeds.get(Format.ATOM)
    places = [("text/html", of.page), *([("application/atom+xml", here)] if here else [])]
    links = (
        f'<link rel="replies" type="{type_}" href="{address(place)}"'
        f' thr:count="{of.count}"{since}/>\n'
        for type_, place in places
    )
    return f"{''.join(links)}<thr:total>{of.count}</thr:total>\n"


def _in_language(tag: str) -> str:
    return f' xml:lang="{tag}"' if tag else ""


def _link(feed: Feed, relation: str, path: str | None) -> str:
    if not path:
        return ""
    there = escaped(feed.url(Format.ATOM, path))
    return f'<link rel="{relation}" type="application/atom+xml" href="{there}"/>\n'


def _authors(authors: Iterable[Person]) -> str:
    return "".join(map(_author, authors))


def _author(author: Person) -> str:
    page = f"<uri>{escaped(author.page)}</uri>\n" if author.page else ""
    return f"<author>\n<name>{escaped(author.name)}</name>\n{page}</author>\n"


def _category(category: Category) -> str:
    term = escaped(category.term or category.name)
    label = escaped(category.name)
    return f'<category term="{term}" scheme="{address(category.scheme)}" label="{label}"/>\n'


def _enclosure(of: Enclosure) -> str:
    length = "" if of.length is None else f' length="{of.length}"'
    kind = escaped(of.type)
    return f'<link rel="enclosure" type="{kind}"{length} href="{address(of.url)}"/>\n'


def _answered(item: Item) -> str:
    if not item.answered:
        return ""
    reference, there = _id(item.answered.id), address(item.answered.url)
    return f'<thr:in-reply-to ref="{reference}" href="{there}" type="text/html"/>\n'


def _id(name: str) -> str:
    """Return the name of an item as a URI, which Atom demands; an imported one may be anything."""
    name = speakable(name)
    return escaped(uri(name) if is_uri(name) else uuid5(NAMESPACE_URL, name).urn)
