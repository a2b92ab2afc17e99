"""Feeds of responses: of the whole site, and of each post and page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from afterword import markup
from afterword.entries import Entry, Standing
from afterword.model import Comment
from afterword.render import Newest, Overview, Responses
from feeds import archive
from feeds.documents import Job, Printer
from feeds.documents import jobs as jobs_of
from feeds.items import Items
from feeds.model import Answered, Feed, Format, Item, Person, uri
from feeds.paths import feed_path

# How many responses each document of a long feed's archive holds. The last one is made anew with
# every response.
ARCHIVE_ITEMS: Final = 100
_SUMMARY_LENGTH: Final = 280

# A response, and what it answers.
Answer = tuple[Entry, Comment]


@dataclass(frozen=True, slots=True)
class Publication:
    """What the feeds say about the site itself. ``siteurl`` has no slash at its end."""

    siteurl: str
    name: str
    language: str
    stylesheet: str | None = None


def paths(entry: Entry, *, answered: bool) -> Mapping[str, str]:
    """Where an entry's feeds lie in the site, by format; none where there is nothing to follow."""
    if not entry.key or entry.standing is Standing.DRAFT or not (entry.open or answered):
        return {}
    return {str(form): f"{_stem(entry)}.{form.suffix}" for form in Format}


def jobs(overview: Overview, site: Publication, newest: int) -> Iterator[Job]:
    """Yield every file of every feed of responses; ``newest`` items before the archives begin."""
    yield from jobs_of_site(overview.newest, site, newest)
    yield from jobs_of_entries(overview.responses, site, newest)


def jobs_of_site(answers: Newest, site: Publication, newest: int) -> Iterator[Job]:
    """Yield every file of the feed of all responses, the newest of them first."""
    yield from jobs_of(site_feed(answers, site), newest, ARCHIVE_ITEMS, Printer())


def jobs_of_entries(
    responses: Iterable[Responses], site: Publication, newest: int
) -> Iterator[Job]:
    """Yield every file of the feeds that entries have."""
    press = _Press(site, newest)
    for each in responses:
        yield from press.jobs(each)


class _Press:
    """The feeds of single entries, most of them small, and none made before it is asked for."""

    def __init__(self, site: Publication, newest: int) -> None:
        self._site = site
        self._newest = newest
        self._here = repr((site, newest)).encode()
        self._printer = Printer()
        # The documents of an entry follow one another.
        self._parts = lru_cache(1)(self._split)

    def jobs(self, responses: Responses) -> Iterator[Job]:
        """Yield every file of an entry's feed, if it has one."""
        if responses.feeds:
            inputs = self._here + responses.fingerprint()
            stem = _stem(responses.entry)
            paths = archive.paths(stem, responses.total, self._newest, ARCHIVE_ITEMS)
            for number, path in enumerate(paths):
                for form in Format:
                    make = partial(self._text, responses, number, form)
                    yield Job(f"{path}.{form.suffix}", inputs, make)

    def _text(self, responses: Responses, number: int, form: Format) -> str:
        return self._printer.text(self._parts(responses)[number], form)

    def _split(self, responses: Responses) -> list[archive.Part]:
        return list(archive.split(entry_feed(responses, self._site), self._newest, ARCHIVE_ITEMS))


def site_feed(newest: Newest, site: Publication) -> Feed:
    """Return the feed of all responses, which come newest first."""
    return Feed(
        siteurl=site.siteurl,
        path=feed_path("comments"),
        title=f"Comments for {site.name}",
        description=f"What readers of {site.name} have answered",
        page=f"{site.siteurl}/",
        language=site.language,
        items=Items(newest, _item_of_site, _inputs),
        stylesheet=site.stylesheet,
    )


def entry_feed(responses: Responses, site: Publication) -> Feed:
    """Return the feed of the responses to an entry."""
    entry = responses.entry
    return Feed(
        siteurl=site.siteurl,
        path=_stem(entry),
        title=f"Comments on: {entry.title}",
        description=f"What readers have answered to {entry.title}",
        page=uri(entry.url),
        language=site.language,
        items=Items(responses.comments[::-1], partial(_item_of_entry, entry)),
        stylesheet=site.stylesheet,
        started=entry.published,
    )


def _inputs(newest: Sequence[Answer]) -> bytes:
    return newest.fingerprint() if isinstance(newest, Newest) else b""


def _item_of_site(answer: Answer) -> Item:
    entry, comment = answer
    return _item(entry, comment, f"Comment on {entry.title} by {comment.author}")


def _item_of_entry(entry: Entry, comment: Comment) -> Item:
    return _item(entry, comment, f"By: {comment.author}")


def _item(entry: Entry, comment: Comment, title: str) -> Item:
    html = markup.to_html(comment.body)
    text = html.striptags()
    return Item(
        id=_id(entry, comment.id),
        url=_url(entry, comment.id),
        title=markup.clean(title),
        published=comment.date,
        updated=comment.date,
        authors=(Person(markup.clean(comment.author), _website(comment)),),
        content=str(html),
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
