"""Feeds of responses: of the whole site, and of each post and page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from afterword import markup
from afterword.entries import Entry, Standing
from afterword.model import Comment
from afterword.render import Overview, Responses
from afterword.threads import Thread, sort_key
from feeds.documents import documents as documents_of
from feeds.model import Answered, Feed, Format, Item, Person, uri
from feeds.paths import feed_path

# How many responses each document of a long feed's archive holds.
ARCHIVE_ITEMS: Final = 200
_SUMMARY_LENGTH: Final = 280


@dataclass(frozen=True, slots=True)
class Publication:
    """What the feeds say about the site itself. ``siteurl`` has no slash at its end."""

    siteurl: str
    name: str
    language: str
    stylesheet: str | None = None


def paths(entry: Entry, thread: Thread) -> Mapping[str, str]:
    """Where an entry's feeds lie in the site, by format; none where there is nothing to follow."""
    if not entry.key or entry.standing is Standing.DRAFT or not (entry.open or thread.placed):
        return {}
    return {str(form): f"{_stem(entry)}.{form.suffix}" for form in Format}


def documents(overview: Overview, site: Publication, newest: int) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file of every feed of responses."""
    for feed in _feeds(overview, site):
        yield from documents_of(feed, newest, ARCHIVE_ITEMS)


def _feeds(overview: Overview, site: Publication) -> Iterator[Feed]:
    yield Feed(
        siteurl=site.siteurl,
        path=feed_path("comments"),
        title=f"Comments for {site.name}",
        description=f"What readers of {site.name} have answered",
        page=f"{site.siteurl}/",
        language=site.language,
        items=tuple(
            _item(entry, comment, f"Comment on {entry.title} by {comment.author}")
            for entry, comment in overview.newest
        ),
        stylesheet=site.stylesheet,
    )
    for responses in overview.responses:
        if responses.feeds:
            yield _feed_of(responses, site)


def _feed_of(responses: Responses, site: Publication) -> Feed:
    entry = responses.entry
    newest_first = sorted(responses.comments, key=sort_key, reverse=True)
    return Feed(
        siteurl=site.siteurl,
        path=_stem(entry),
        title=f"Comments on: {entry.title}",
        description=f"What readers have answered to {entry.title}",
        page=uri(entry.url),
        language=site.language,
        items=tuple(_item(entry, c, f"By: {c.author}") for c in newest_first),
        stylesheet=site.stylesheet,
        started=entry.published,
    )


def _item(entry: Entry, comment: Comment, title: str) -> Item:
    text = markup.to_text(comment.body)
    return Item(
        id=_id(entry, comment.id),
        url=_url(entry, comment.id),
        title=markup.clean(title),
        published=comment.date,
        updated=comment.date,
        authors=(Person(markup.clean(comment.author), _website(comment)),),
        content=str(markup.to_html(comment.body)),
        summary=text if len(text) <= _SUMMARY_LENGTH else f"{text[: _SUMMARY_LENGTH - 1]}…",
        answered=Answered(_id(entry, comment.replyto), _url(entry, comment.replyto)),
    )


def _website(comment: Comment) -> str | None:
    address = markup.link(comment.website) if comment.website else None
    return address.unescape() if address else None


def _id(entry: Entry, comment_id: str | None) -> str:
    """The name of a response, or of the post: as WordPress makes it, so that imports keep it."""
    return f"{entry.guid}#comment-{comment_id}" if comment_id else entry.guid


def _url(entry: Entry, comment_id: str | None) -> str:
    return uri(f"{entry.url}#comment-{comment_id}" if comment_id else entry.url)


def _stem(entry: Entry) -> str:
    return f"{entry.path}/comments" if entry.path else "comments"
