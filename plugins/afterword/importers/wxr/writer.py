"""Everything given back in WordPress's own format, for the many systems that read it.

WordPress numbers its comments, and its texts are HTML. What is lost by that stands beside each
response as well, for an import here to make the same file of it again.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from xml.sax.saxutils import escape

from afterword.entries import Entry
from afterword.importers import fields
from afterword.importers.wxr.records import OWN
from afterword.markup import to_html
from afterword.model import Status

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>"""
_APPROVED: Final = {
    Status.APPROVED: "1",
    Status.PENDING: "0",
    Status.SPAM: "spam",
    Status.TRASH: "trash",
}
_MADE: Final = 5


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the responses of a site that has this name, this address and these entries.

    ``alone`` are those, by entry and id, whose ids others have; WordPress numbers each of a site
    but once.
    """

    sitename: str
    siteurl: str
    entries: Mapping[str, Entry]
    alone: Collection[tuple[str, str]] = ()

    def lines(self, records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """Yield the document; ``records`` are responses as the generic JSON has them."""
        yield _HEAD
        yield _element("title", self.sitename) + _element("link", self.siteurl)
        yield _element("wp:wxr_version", "1.2") + _element("wp:base_blog_url", self.siteurl)
        for key, group in groupby(records, lambda each: str(each["entry"])):
            yield from self._item(key)
            yield from (self._comment(key, each) for each in group)
            yield "</item>"
        yield "</channel></rss>"

    def _item(self, key: str) -> Iterator[str]:
        entry = self.entries.get(key)
        yield "<item>"
        yield _element("title", entry.title if entry else key)
        yield _element("link", entry.url if entry else "")
        yield _element("wp:post_id", _number(key)) + _element("wp:post_name", key)
        yield _element("wp:post_type", "post") + _element("wp:status", "publish")
        yield _meta("post", key)

    def _comment(self, key: str, record: Mapping[str, Any]) -> str:
        moment = datetime.fromisoformat(record["date"])
        date = moment.replace(tzinfo=None).isoformat(" ", "seconds")
        kind = record.get("kind") or "comment"
        parent = record.get("replyto")
        own = {key: record[key] for key in record if key not in {"entry", "status", "email"}}
        parts = {
            "id": self._unique(key, record["id"]),
            "author": record.get("author", ""),
            "author_email": record.get("email", ""),
            "author_url": record.get("website", ""),
            "date": date,
            "date_gmt": date,
            "content": to_html(record.get("body", "")),
            "approved": _APPROVED[Status(record["status"])],
            "type": kind,
            "parent": self._unique(key, parent) if parent else "0",
        }
        inside = "".join(_element(f"wp:comment_{key}", value) for key, value in parts.items())
        return f"<wp:comment>{inside}{_meta('comment', json.dumps(own))}</wp:comment>"

    def _unique(self, key: str, name: str) -> str:
        """The number of a response to this entry: its own, unless that is another's."""
        return _number(f"{key} {name}" if (key, name) in self.alone else name)


def _number(name: str) -> str:
    """A number for a name, the same each time: itself, if it is one."""
    if name.isascii() and name.isdecimal() and not name.startswith("0") and len(name) < 16:  # noqa: PLR2004  # a bigint
        return name
    digest = hashlib.blake2b(name.encode(), digest_size=_MADE).hexdigest()
    return str(int(digest, 16) or 1)


def _meta(kind: str, value: str) -> str:
    inside = _element("wp:meta_key", OWN) + _element("wp:meta_value", value)
    return f"<wp:{kind}meta>{inside}</wp:{kind}meta>"


def _element(name: str, value: str) -> str:
    return f"<{name}>{escape(fields.body(value))}</{name}>"
