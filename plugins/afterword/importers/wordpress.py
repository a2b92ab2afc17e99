"""WordPress's export: the responses to its posts and pages.

What was private there stays so. Only types that are known to be public are published, because
editors' notes and orders are kept as comments too; and an approved comment on a post that not
everybody could read waits for a decision.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from afterword.errors import ImportRefused
from afterword.importers import fields
from afterword.importers.findings import Finding, Response, Skipped, Thread, Wording
from afterword.importers.wxr.paragraphs import paragraphs
from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import Author, Comment, Item, Site
from afterword.model import Kind, Status

_KINDS: Final = {
    "": Kind.COMMENT,
    "comment": Kind.COMMENT,
    "pingback": Kind.PINGBACK,
    "trackback": Kind.PINGBACK,
}
# Nobody misses these, for no reader has ever seen them.
_INTERNAL: Final = frozenset(["action_log", "note", "order_note", "webhook_delivery"])
_STATUS: Final = {
    "1": Status.APPROVED,
    "0": Status.PENDING,
    "spam": Status.SPAM,
    "trash": Status.TRASH,
    "post-trashed": Status.TRASH,
}
_PUBLIC: Final = frozenset(["", "publish", "inherit"])
_NOBODY: Final = frozenset(["", "0"])
_QUARTER: Final = timedelta(minutes=15)
_MOST: Final = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class _Post:
    """What has to be known of an item to decide about the responses to it.

    ``hidden`` says why not everybody could read it, or nothing. ``ahead`` is by how much the
    site's clock was ahead of UTC, if that can be told.
    """

    thread: Thread
    hidden: str
    creator: str
    date: datetime | None
    ahead: timedelta | None


@dataclass(slots=True)
class _Known:
    """All posts of all files, by file and number, and who writes there: ids by login."""

    posts: dict[tuple[Path, int], _Post] = field(default_factory=dict)
    writers: dict[str, str] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)


@dataclass(frozen=True)
class WordPress:
    """The export of one site, in one file or several, packed or not."""

    paths: tuple[Path, ...]

    @property
    def name(self) -> str:
        return "wordpress"

    def read(self) -> Iterator[Finding]:
        known = self._known
        threads: set[str] = set()
        for path in self.paths:
            for record in records(path):
                if isinstance(record, Comment):
                    post = known.posts[path, record.item]
                    if post.thread.id not in threads:
                        threads.add(post.thread.id)
                        yield post.thread
                    yield _found(path, record, post, known)

    @cached_property
    def _known(self) -> _Known:
        """What is in all the files, but for the texts. Raises ImportRefused."""
        known = _Known()
        first: Site | None = None
        for path in self.paths:
            for record in records(path):
                match record:
                    case Site():
                        first = first or record
                        if not _same(first.url, record.url):
                            reason = f"is of {record.url}, and the first file of {first.url}"
                            raise ImportRefused(path, 0, reason)
                    case Author():
                        known.writers.setdefault(record.login, record.id)
                    case Item():
                        known.posts[path, record.number] = _post(path, record)
        known.ahead = _usual(known.posts)
        return known


def _same(one: str, other: str) -> bool:
    """Whether two addresses are of one site; a missing one may be any."""
    places = [
        (parts.netloc.removeprefix("www."), parts.path.rstrip("/"))
        for parts in map(urlsplit, (one, other))
    ]
    return not (one and other) or places[0] == places[1]


def _post(path: Path, item: Item) -> _Post:
    hidden = "had a password" if item.password else ""
    if item.status not in _PUBLIC:
        hidden = f"was not public ({item.status})"
    gmt = fields.moment(item.date_gmt)
    return _Post(
        Thread(
            # With a space, so that it cannot be a slug.
            id=f"post {item.id}" if item.id else f"{path.name}, item {item.number}",
            place=f"{path.name}: item {item.number}",
            url=item.link,
            title=item.title,
            alias=unquote(item.slug),
        ),
        hidden,
        item.creator,
        gmt or fields.moment(item.date),
        _ahead(item.date, gmt),
    )


def _ahead(local: str, gmt: datetime | None) -> timedelta | None:
    here = fields.moment(local)
    if here is None or gmt is None:
        return None
    ahead = round((here - gmt) / _QUARTER) * _QUARTER
    return ahead if abs(ahead) <= _MOST else None


def _usual(posts: Mapping[tuple[Path, int], _Post]) -> timedelta:
    counted = Counter(each.ahead for each in posts.values() if each.ahead is not None)
    return next((each for each, _ in counted.most_common(1)), timedelta(0))


def _found(path: Path, comment: Comment, post: _Post, known: _Known) -> Finding:
    which = comment.id or f"number {comment.number} of item {comment.item}, without an id"
    place = f"{path.name}: comment {which}"
    number = comment.id or fields.made_id(
        post.thread.id, comment.author, comment.date, comment.content
    )
    above = comment.parent if comment.parent not in _NOBODY else None
    kind = _KINDS.get(comment.kind)
    if kind is None:
        private = comment.kind in _INTERNAL
        reason = f"is of the type {comment.kind!r}, which "
        reason += "was for editors only" if private else "is not known to be for readers"
        return Skipped(place, reason, private, post.thread.id, number, above)  # as named
    status, notes = _status(comment, post)
    date, doubt = _date(comment, post, known)
    user = known.writers.get(post.creator, "")
    return Response(
        thread=post.thread.id,
        id=number,
        place=place,
        author=comment.author,
        body=paragraphs(comment.content),
        date=date,
        status=status,
        wording=Wording.HTML,
        email=comment.email,
        website=comment.website,
        parent=above,
        kind=kind,
        by_author=user not in _NOBODY and comment.user == user,
        notes=notes + doubt,
    )


def _status(comment: Comment, post: _Post) -> tuple[Status, tuple[str, ...]]:
    status = _STATUS.get(comment.approved)
    if status is None:
        said = repr(comment.approved) if comment.approved else "not given"
        return Status.PENDING, (f"its state is {said}; it waits for your decision",)
    if status is Status.APPROVED and post.hidden:
        return Status.PENDING, (f"its post {post.hidden}; it waits for your decision",)
    return status, ()


def _date(comment: Comment, post: _Post, known: _Known) -> tuple[datetime | None, tuple[str, ...]]:
    """When it was written: by UTC, else by the site's clock, else with its post."""
    if date := fields.moment(comment.date_gmt):
        return date, ()
    try:
        if local := fields.moment(comment.date):
            return local - (known.ahead if post.ahead is None else post.ahead), ()
    except OverflowError:
        pass
    if post.date:
        return post.date, (f"has no date; takes that of its post, {post.date.isoformat()}",)
    return None, ()
