"""What has to be known of all posts of a site before one of them, or a response, is moved.

Of each post only some facts are kept, and no text but that of blocks which other posts show.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from afterword.errors import ImportRefused
from afterword.importers.matching import path_of
from afterword.importers.wxr.post import AWAY, Post, post
from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import Author, Item, Record, Site, Term
from afterword.importers.wxr.writers import GUEST, guest


@dataclass(slots=True)
class Posts:
    """The posts of all files of a site, by file and number, and what else names them.

    ``writers`` are the authors by login, ``terms`` categories and tags by taxonomy and slug.
    ``used`` says which of these posts are in. ``by_id`` and ``by_path`` hold posts by WordPress's
    id, and those that everybody can see by the path of their address. ``ahead`` is by how much
    the site's clock was mostly ahead of UTC. ``blocks`` are the texts of reusable blocks by id.
    """

    site: Site | None = None
    posts: dict[tuple[Path, int], Post] = field(default_factory=dict)
    writers: dict[str, Author] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    by_id: dict[str, Post] = field(default_factory=dict)
    by_path: dict[str, Post] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)
    blocks: dict[str, str] = field(default_factory=dict)

    def named(self, address: str) -> Post | None:
        """The post or page of this site, or the upload, that everybody can see at an address."""
        if not self.here(address):
            return None
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
        for name in ("p", "page_id", "attachment_id"):
            if name in asked:
                found = self.by_id.get(asked[name][0])
                return found if found and found.is_shown else None
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


def known(paths: Iterable[Path], reserved: Collection[str] = ()) -> Posts:
    """Read all files of a site for what has to be known. Raises ImportRefused.

    No post or page gets a key that is ``reserved``.
    """
    found = Posts()
    for path in paths:
        for record in records(path):
            _take(found, path, record)
    _name(found.posts, reserved)
    counted = Counter(each.ahead for each in found.posts.values() if each.ahead is not None)
    found.ahead = next((each for each, _ in counted.most_common(1)), timedelta(0))
    for each in found.posts.values():
        found.by_id.setdefault(each.id, each)
        if each.is_shown and (place := path_of(each.thread.url)):
            found.by_path.setdefault(place, each)
    return found


def _take(found: Posts, path: Path, record: Record) -> None:
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
            found.posts[path, record.number] = made = post(path, record)
            if made.is_text and record.status not in AWAY:
                found.used.update((each.taxonomy, each.slug) for each in record.labels)
            if made.kind == GUEST:
                writer = guest(record)
                found.writers.setdefault(writer.login, writer)
            if made.kind == "wp_block" and not made.hidden:
                found.blocks.setdefault(record.id, record.content)


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


def _same(one: str, other: str) -> bool:
    """Whether two addresses are of one site; a missing one may be any."""
    if not (one and other) or one == other:
        return True
    try:
        parts = [urlsplit(each) for each in (one, other)]
    except ValueError:
        return False
    places = {(_host(each.netloc), each.path.rstrip("/")) for each in parts}
    return len(places) == 1


def _name(posts: dict[tuple[Path, int], Post], reserved: Collection[str]) -> None:
    """Give each post and page a comment key of its own; those that are public choose first."""
    taken = dict.fromkeys((each.casefold() for each in reserved), "")
    for place, each in sorted(posts.items(), key=lambda pair: bool(pair[1].hidden)):
        if not each.is_text:
            continue
        key = each.thread.alias
        if taken.get(key.casefold(), each.thread.id) != each.thread.id:
            key = f"{key}-{each.id or place[1]}"
        taken[key.casefold()] = each.thread.id
        posts[place] = replace(each, thread=replace(each.thread, key=key))
