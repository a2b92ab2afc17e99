"""A post as far as others have to know it: without its text."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from afterword.importers import fields
from afterword.importers.findings import Thread
from afterword.importers.wxr.clock import ahead
from afterword.importers.wxr.names import file_name
from afterword.importers.wxr.postmeta import value
from afterword.importers.wxr.records import OWN, Item

AWAY: Final = {"trash": "was in the trash there", "auto-draft": "was never saved there"}
"""Why posts do not come along, by their status."""

_PUBLIC: Final = frozenset(["", "publish", "inherit"])
_ALT: Final = "_wp_attachment_image_alt"
_BEFORE: Final = "_wp_old_slug"


@dataclass(frozen=True, slots=True)
class Post:
    """An item as far as others have to know it.

    ``hidden`` says why not everybody could read it, or nothing. ``ahead`` is by how much the
    site's clock was ahead of UTC, if that can be told. ``parent`` is the id of another item.
    ``guid`` is what feeds call it. ``slugs_before`` are those that it had once. ``ours`` if
    it only stands for the responses to a post of ours, in an export of ours.
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
    guid: str
    slugs_before: tuple[str, ...]
    ours: bool

    @property
    def is_text(self) -> bool:
        """Whether it is a post or a page."""
        return self.kind in {"post", "page"} and not self.ours

    @property
    def is_open(self) -> bool:
        """Whether it is a post or a page that everybody can read."""
        return self.is_text and not self.hidden

    @property
    def is_shown(self) -> bool:
        """Whether it is that, or an upload, which had a page too."""
        return (self.is_text or bool(self.attachment)) and not self.hidden


def post(path: Path, item: Item) -> Post:
    """Return what has to be known of an item of a file."""
    hidden = "had a password" if item.password else ""
    if item.status not in _PUBLIC:
        hidden = f"was not public ({item.status})"
    gmt = fields.moment(item.date_gmt)
    key = value(item.meta, OWN)
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
        ahead=ahead(item.date, gmt),
        parent=item.parent,
        attachment=item.attachment,
        alt=value(item.meta, _ALT),
        guid=fields.line(item.guid),
        ours=bool(key),
        slugs_before=tuple(slug for name, slug in item.meta if name == _BEFORE and slug),
    )


def _slug(item: Item) -> str:
    return file_name(item.slug, item.title) or f"{item.kind or 'post'}-{item.id or item.number}"
