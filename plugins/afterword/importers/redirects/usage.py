"""What there was at WordPress beside the posts: it kept an address for all of this."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from afterword.importers import fields
from afterword.importers.wxr import writers
from afterword.importers.wxr.posts import Posts
from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import Comment, Item, Term

_BREAK: Final = re.compile(r"<!--\s*nextpage\s*-->")
_UPLOAD: Final = re.compile(r"/wp-content/uploads/(.+)", re.IGNORECASE)
_SHOWN: Final = re.compile(
    r"[^\s\"'<>()\[\]=]*/wp-content/uploads/[^\s\"'<>()\[\]?#]+", re.IGNORECASE
)
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
# PHP's way to write down how each size of a picture is called.
_SIZES: Final = re.compile(r's:\d+:"(?:file|original_image)";s:\d+:"([^"]+)"')
_METADATA: Final = "_wp_attachment_metadata"

Key = tuple[str, str]


@dataclass
class Usage:
    """What was public at WordPress, counted.

    ``breaks`` and ``comments`` are by file and number of an item: how often its text went on on
    another page, and how many responses it had. The others count public posts: by day, month
    and year (``("2012", "03")``), by taxonomy and slug, and by the login of who wrote them, of
    whom ``folders`` says how addresses call some.
    ``names`` are those of terms that the export does not list. ``uploads`` are old paths by what
    the same file may be called, below the folder of uploads, the likeliest first.
    """

    breaks: Counter[tuple[Path, int]] = field(default_factory=Counter)
    comments: Counter[tuple[Path, int]] = field(default_factory=Counter)
    dates: Counter[tuple[str, ...]] = field(default_factory=Counter)
    labels: Counter[Key] = field(default_factory=Counter)
    writers: Counter[str] = field(default_factory=Counter)
    folders: dict[str, str] = field(default_factory=dict)
    names: dict[Key, str] = field(default_factory=dict)
    uploads: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def posts(self) -> int:
        """How many posts were public."""
        return sum(number for parts, number in self.dates.items() if len(parts) == 1)

    def terms(self, taxonomy: str, listed: Mapping[Key, Term]) -> Iterable[Term]:
        """The terms of a taxonomy that public posts belong to, or to one below."""
        used: dict[str, Term] = {}
        for kind, slug in self.labels:
            here: str = slug
            while kind == taxonomy and here and here not in used:
                made = Term(kind, here, self.names.get((kind, here), here), "", "")
                used[here] = listed.get((kind, here), made)
                here = used[here].parent
        return used.values()


def used(paths: Iterable[Path], posts: Posts) -> Usage:
    """Read all files of a site for what has to be known. Raises ImportRefused."""
    found = Usage()
    for path in paths:
        for record in records(path):
            if isinstance(record, Comment):
                found.comments[path, record.item] += 1
            elif isinstance(record, Item):
                _take(record, path, posts, found)
    return found


def upload(address: str, posts: Posts) -> tuple[str, str]:
    """Return the path of an address, and where that is in the folder of uploads; else nothing."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return "", ""
    match = _UPLOAD.search(path)
    return (path, match[1]) if match and posts.here(address) else ("", "")


def _take(item: Item, path: Path, posts: Posts, found: Usage) -> None:
    post = posts.posts[path, item.number]
    if item.attachment:
        _sizes(item, posts, found)
    if not post.is_open:
        return
    found.breaks[path, item.number] = len(_BREAK.findall(item.content))
    for address in _SHOWN.findall(item.content):
        old, place = upload(address, posts)
        if old:
            found.uploads.setdefault(old, (place,))
    if post.kind != "post":
        return
    date = _DATE.match(item.date)
    if date and fields.moment(item.date):
        found.dates.update(date.groups()[:parts] for parts in (1, 2, 3))
    for login, folder in writers.logins(item, posts.writers):
        found.writers[login] += 1
        if folder:
            found.folders.setdefault(login, folder)
    for label in item.labels:
        found.names.setdefault((label.taxonomy, label.slug), label.name or label.slug)
        found.labels[label.taxonomy, label.slug] += 1


def _sizes(item: Item, posts: Posts, found: Usage) -> None:
    """The addresses of an upload, in all sizes that were made of it."""
    old, place = upload(item.attachment, posts)
    if not old:
        return
    meta = next((value for key, value in item.meta if key == _METADATA), "")
    others = [each.rpartition("/")[2] for each in _SIZES.findall(meta)]
    folder, _, name = place.rpartition("/")
    places = [f"{folder}/{each}".lstrip("/") for each in dict.fromkeys([name, *others])]
    for each in places:
        found.uploads[old.removesuffix(place) + each] = (each, *places)
