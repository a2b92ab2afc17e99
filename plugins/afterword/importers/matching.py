"""Which post or page a foreign thread belongs to. Pure: the site's entries are given."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from afterword.entries import Entry
from afterword.errors import EntryError
from afterword.importers import fields
from afterword.importers.findings import Thread
from afterword.model import check_entry_key

_INDEX: Final = re.compile(r"(^|/)index\.(html?|php)$", re.IGNORECASE)
_SUFFIX: Final = re.compile(r"\.(html?|php|aspx?|md)$", re.IGNORECASE)
# With these the path says nothing: the query names the page.
_NAMING: Final = frozenset({"p", "page_id", "attachment_id", "id", "post"})
_NOT_IN_KEY: Final = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Match:
    """Where a thread goes: an entry's key, and how that was found; or no key, and why."""

    key: str
    how: str


def match(
    threads: Iterable[Thread],
    entries: Mapping[str, Entry],
    said: Mapping[str, str],
    *,
    keep: bool,
    own: Collection[str] = (),
) -> Mapping[str, Match]:
    """Return where each thread goes, by its id.

    An address counts most, then a slug: the thread's own, or the last part of its address.
    Several threads with one slug and different addresses go nowhere, because one entry cannot be
    all of them. ``said`` holds keys by address, alias or id, and counts most of all. With
    ``keep`` a thread without an entry gets a key made from its address. ``own`` are the threads
    whose post or page comes along: they have its key.
    """
    by_path = {path_of(each.url): key for key, each in entries.items() if path_of(each.url)}
    found: dict[str, Match] = {}
    guessed: dict[str, list[Thread]] = {}
    for thread in threads:
        if key := _told(thread, said):
            found[thread.id] = Match(key, "as you said")
        elif thread.id in own:
            found[thread.id] = Match(thread.key, "comes along")
        elif exact := _exact(thread, entries, by_path):
            found[thread.id] = Match(exact, "by its address")
        elif slug := _by_slug(thread, entries):
            guessed.setdefault(slug, []).append(thread)
        else:
            found[thread.id] = Match("", "no post or page has this address or slug")
    taken = {each.key for each in found.values()}
    for slug, alike in guessed.items():
        alone = len({_path(each) or each.id for each in alike}) == 1 and slug not in taken
        fate = Match(slug, "by its slug") if alone else Match("", f"{slug!r} may be several")
        found.update({each.id: fate for each in alike})
    if not keep:
        return found
    kept = {each.id: each for each in threads if not found[each.id].key}
    return found | {name: Match(_made(each, entries), "kept") for name, each in kept.items()}


def path_of(url: str) -> str:
    """Return the path of an address, or of a path alone, as far as it tells pages apart.

    Nothing where the query names the page, and for the first page of a site.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if _NAMING & parse_qs(parts.query).keys():
        return ""
    return _SUFFIX.sub("", _INDEX.sub("", unquote(parts.path))).strip("/")


def _told(thread: Thread, said: Mapping[str, str]) -> str:
    names = (thread.url, thread.alias, thread.id)
    return next((said[each] for each in names if each in said), "")


def _path(thread: Thread) -> str:
    return next(_paths(thread), "")


def _paths(thread: Thread) -> Iterator[str]:
    """Yield the paths that a thread may have, likeliest first."""
    for name in (thread.url, thread.alias, thread.id):
        if ("/" in name or name == thread.url) and (path := path_of(name)):
            yield path


def _exact(thread: Thread, entries: Mapping[str, Entry], by_path: Mapping[str, str]) -> str:
    if thread.key in entries:
        return thread.key
    return next((by_path[path] for path in _paths(thread) if path in by_path), "")


def _by_slug(thread: Thread, entries: Mapping[str, Entry]) -> str:
    ends = [part for path in _paths(thread) for part in (path, path.rpartition("/")[2])]
    return next((each for each in (thread.id, thread.alias, *ends) if each in entries), "")


def _made(thread: Thread, entries: Mapping[str, Entry]) -> str:
    """A key for a thread without an entry, the same each time."""
    if thread.key and _is_key(thread.key):
        return thread.key
    segments = (_path(thread) or thread.id).split("/")
    clean = [_NOT_IN_KEY.sub("-", each).strip("-.") for each in segments]
    key = "/".join(each for each in clean if each)
    if key and _is_key(key) and key not in entries:
        return key
    return f"thread-{fields.made_id(thread.id, thread.url)}"


def _is_key(key: str) -> bool:
    try:
        check_entry_key(key)
    except EntryError:
        return False
    return True
