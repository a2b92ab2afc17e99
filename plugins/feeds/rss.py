"""RSS 2.0, with the extensions that WordPress uses, and archives (RFC 5005)."""

from html import escape
from typing import Final

from feeds.addresses import language_tag, uri
from feeds.archive import Part
from feeds.characters import escaped, speakable
from feeds.dates import rfc822
from feeds.elements import DECLARATION, address, named, stylesheet, text
from feeds.model import Enclosure, Feed, Format, Item, Replies
from feeds.written import Written

FOOT: Final = "</channel>\n</rss>\n"

_OPENING: Final = """\
<rss version="2.0"
     xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:fh="http://purl.org/syndication/history/1.0"
     xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
     xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
     xmlns:wfw="http://wellformedweb.org/CommentAPI/">
<channel>
"""
_FREQUENCY: Final = """\
<sy:updatePeriod>hourly</sy:updatePeriod>
<sy:updateFrequency>1</sy:updateFrequency>
"""


def head(part: Part) -> str:
    """Return what stands before the items of a document."""
    feed = part.feed
    title = text(feed.title) or uri(feed.page)
    tag = language_tag(feed.language)
    language = f"<language>{tag}</language>\n" if tag else ""
    archive = f"<fh:archive/>\n{_link(feed, 'current', feed.path)}"
    return (
        f"{DECLARATION}{stylesheet(feed)}{_OPENING}"
        f"<title>{escaped(title)}</title>\n"
        f"<link>{address(feed.page)}</link>\n"
        f"<description>{_html(text(feed.description) or title)}</description>\n"
        f"{language}"
        f"<lastBuildDate>{rfc822(part.updated)}</lastBuildDate>\n"
        "<generator>Afterword</generator>\n"
        f"{_link(feed, 'self', part.path)}"
        f"{archive if part.is_archive else _FREQUENCY}"
        f"{_link(feed, 'prev-archive', part.older)}"
        f"{_link(feed, 'next-archive', part.newer)}"
    )


def write(item: Item) -> Written:
    """Return an item."""
    title = f"<title>{escaped(item.title)}</title>\n" if text(item.title) else ""
    creators = (
        f"<dc:creator>{escaped(author.name)}</dc:creator>\n" for author in named(item.authors)
    )
    categories = (
        f'<category domain="{address(each.scheme)}">{escaped(each.name)}</category>\n'
        for each in named(item.categories)
    )
    content = f"<content:encoded>{escaped(item.content or '')}</content:encoded>\n"
    before = (
        f"<item>\n{title}"
        f"<link>{address(item.url)}</link>\n"
        f'<guid isPermaLink="false">{escaped(item.id)}</guid>\n'
        f"<pubDate>{rfc822(item.published)}</pubDate>\n"
        f"{''.join(creators)}{''.join(categories)}"
        f"<description>{_html(item.summary)}</description>\n"
        f"{'' if item.content is None else content}"
        # Readers expect one at most (https://www.rssboard.org/rss-profile).
        f"{''.join(map(_enclosure, item.enclosures[:1]))}"
    )
    return Written(speakable(before), replies(item.replies), "</item>\n")


def replies(of: Replies | None) -> str:
    """Return what an item says of its responses."""
    if not of:
        return ""
    here = of.feeds.get(Format.RSS)
    follow = f"<wfw:commentRss>{address(here)}</wfw:commentRss>\n" if here else ""
    return (
        f"<comments>{address(of.page)}</comments>\n{follow}"
        f"<slash:comments>{of.count}</slash:comments>\n"
    )


def _enclosure(of: Enclosure) -> str:
    """The format wants a length; 0 stands for one that nobody knows."""
    place, kind = address(of.url), escaped(of.type)
    return f'<enclosure url="{place}" length="{of.length or 0}" type="{kind}"/>\n'


def _html(plain: str) -> str:
    """Plain text as HTML, escaped once more as any other text is: readers take it for HTML."""
    return escaped(escape(plain, quote=False))


def _link(feed: Feed, relation: str, path: str | None) -> str:
    if not path:
        return ""
    there = escaped(feed.url(Format.RSS, path))
    return f'<atom:link rel="{relation}" type="application/rss+xml" href="{there}"/>\n'
