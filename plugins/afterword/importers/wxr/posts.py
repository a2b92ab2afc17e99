"""What has to be known of all posts of a site before one of them, or a response, is moved.

Of each post only some facts are kept, and no text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from afterword.errors import ImportRefused
from afterword.importers import fields
from afterword.importers.findings import Thread
from afterword.importers.matching import path_of
from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import OWN, Author, Item, Site, Term

_PUBLIC: Final = frozenset(["", "publish", "inherit"])
_QUARTER: Final = timedelta(minutes=15)
_MOST: Final = timedelta(hours=15)
_NOT_IN_KEY: Final = re.compile(r"[^\w.-]+")
_MOST_BYTES: Final = 180
_ALT: Final = "_wp_attachment_image_alt"
_BEFORE: Final = "_wp_old_slug"


@dataclass(frozen=True, slots=True)
class Post:
    """An item as far as others have to know it.

    ``hidden`` says why not everybody could read it, or nothing. ``ahead`` is by how much the
    site's clock was ahead of UTC, if that can be told. ``parent`` is the id of another item.
    ``slugs_before`` are those that it had once. ``ours`` if it only stands for the responses to
    a post of ours, in an export of ours.
    """

    id: str
    kind: str
    thread: Thread
    hidden: str
    creator: str
    date: datetime | None
    ahead: timedelta | None
    parent: str
    attachment: str
    alt: str
    slugs_before: tuple[str, ...]
    ours: bool

    @property
    def is_text(self) -> bool:
        """Whether it is a post or a page."""
        return self.kind in {"post", "page"} and not self.ours


@dataclass(slots=True)
class Posts:
    """The posts of all files of a site, by file and number, and what else names them.

    ``writers`` are the authors by login, ``terms`` categories and tags by taxonomy and slug.
    ``by_id`` and ``by_path`` hold posts by WordPress's id, and those that everybody can read by
    the path of their address. ``ahead`` is by how much the site's clock was mostly ahead of UTC.
    """

    site: Site | None = None
    posts: dict[tuple[Path, int], Post] = field(default_factory=dict)
    writers: dict[str, Author] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    by_id: dict[str, Post] = field(default_factory=dict)
    by_path: dict[str, Post] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)

    def named(self, address: str) -> Post | None:
        """The post or page of this site that an address leads to, if everybody can read it."""
        if not self.here(address):
            return None
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
        for name in ("p", "page_id"):
            if name in asked:
                return _open(self.by_id.get(asked[name][0]))
        path = path_of(address)
        return self.by_path.get(path) if path and not parts.query else None

    def here(self, address: str) -> bool:
        """Whether an address is of this site."""
        try:
            parts = urlsplit(address)
            own = urlsplit(self.site.url if self.site else "").netloc
        except ValueError:
            return False
        return parts.scheme in {"", "http", "https"} and _host(parts.netloc or own) == _host(own)

    def pictures(self, parent: str) -> Iterable[Post]:
        """The uploads that belong to a post."""
        return (each for each in self.posts.values() if each.attachment and each.parent == parent)


def known(paths: Iterable[Path]) -> Posts:
    """Read all files of a site for what has to be known. Raises ImportRefused."""
    found = Posts()
    for path in paths:
        for record in records(path):
            match record:
                case Site():
                    found.site = found.site or record
                    if not _same(found.site.url, record.url):
                        reason = f"is of {record.url}, and the first file of {found.site.url}"
                        raise ImportRefused(path, 0, reason)
                case Author():
                    found.writers.setdefault(record.login, record)
                case Term():
                    found.terms.setdefault((record.taxonomy, record.slug), record)
                case Item():
                    found.posts[path, record.number] = _post(path, record)
    _name(found.posts)
    counted = Counter(each.ahead for each in found.posts.values() if each.ahead is not None)
    found.ahead = next((each for each, _ in counted.most_common(1)), timedelta(0))
    for post in found.posts.values():
        found.by_id.setdefault(post.id, post)
        if _open(post) and (place := path_of(post.thread.url)):
            found.by_path.setdefault(place, post)
    return found


def _open(post: Post | None) -> Post | None:
    return post if post and post.is_text and not post.hidden else None


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


def _same(one: str, other: str) -> bool:
    """Whether two addresses are of one site; a missing one may be any."""
    places = [(_host(each.netloc), each.path.rstrip("/")) for each in map(urlsplit, (one, other))]
    return not (one and other) or places[0] == places[1]


def _post(path: Path, item: Item) -> Post:
    hidden = "had a password" if item.password else ""
    if item.status not in _PUBLIC:
        hidden = f"was not public ({item.status})"
    gmt = fields.moment(item.date_gmt)
    key = next((value for name, value in item.meta if name == OWN), "")
    return Post(
        id=item.id,
        kind=item.kind or "post",
        thread=Thread(
            # With a space, so that it cannot be a slug.
            id=f"post {item.id}" if item.id else f"{path.name}, item {item.number}",
            place=f"{path.name}: item {item.id or item.number}",
            url=item.link,
            title=item.title,
            key=key,
            alias=key or _slug(item),
        ),
        hidden=hidden,
        creator=item.creator,
        date=gmt or fields.moment(item.date),
        ahead=_ahead(item.date, gmt),
        parent=item.parent,
        attachment=item.attachment,
        alt=next((value for key, value in item.meta if key == _ALT), ""),
        ours=bool(key),
        slugs_before=tuple(value for key, value in item.meta if key == _BEFORE and value),
    )


def _slug(item: Item) -> str:
    """What an item is called in addresses, as far as files can be called so."""
    plain = unicodedata.normalize("NFKD", item.title).encode("ascii", "ignore").decode().lower()
    for name in (unicodedata.normalize("NFC", unquote(item.slug)), plain.replace("'", "")):
        slug = _NOT_IN_KEY.sub("-", name).strip("-._")
        slug = slug.encode()[:_MOST_BYTES].decode("utf-8", "ignore")
        if slug:
            return slug
    return f"{item.kind or 'post'}-{item.id or item.number}"


def _name(posts: dict[tuple[Path, int], Post]) -> None:
    """Give each post and page a comment key of its own; those that are public choose first."""
    taken: dict[str, str] = {}
    for place, post in sorted(posts.items(), key=lambda each: bool(each[1].hidden)):
        if not post.is_text:
            continue
        key = post.thread.alias
        if taken.get(key.casefold(), post.thread.id) != post.thread.id:
            key = f"{key}-{post.id or place[1]}"
        taken[key.casefold()] = post.thread.id
        posts[place] = replace(post, thread=replace(post.thread, key=key))


def _ahead(local: str, gmt: datetime | None) -> timedelta | None:
    here = fields.moment(local)
    if here is None or gmt is None:
        return None
    ahead = round((here - gmt) / _QUARTER) * _QUARTER
    return ahead if abs(ahead) <= _MOST else None


def lineage(term: Term, terms: Mapping[tuple[str, str], Term]) -> tuple[Term, ...]:
    """Return a category with those above it, the topmost first."""
    path = [term]
    while (above := terms.get((term.taxonomy, path[0].parent))) and above not in path:
        path.insert(0, above)
    return tuple(path)
