"""The generic JSON: what ``afterword export json`` writes, and anybody can write.

It is described in docs/moving-in.md. The list of threads that Isso calls generic is read too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from afterword.errors import ImportRefused
from afterword.importers import fields
from afterword.importers.findings import Finding, Response, Skipped, Thread, Wording
from afterword.importers.json import check, items, text
from afterword.model import Kind, Status

VERSION: Final = 1
# What an export of ours says that it is from.
OURS: Final = "afterword"
_KEYS: Final = frozenset(
    [
        "thread",
        "entry",
        "url",
        "id",
        "status",
        "author",
        "by_author",
        "date",
        "body",
        "html",
        "email",
        "website",
        "replyto",
        "kind",
        "role",
        "source",
        "alone",
    ]
)


@dataclass(frozen=True, slots=True)
class GenericJson:
    """A file of our own format, or of Isso's generic one."""

    path: Path

    @property
    def name(self) -> str:
        return "json"

    def read(self) -> Iterator[Finding]:
        check(self.path)
        version = next(items(self.path, "version"), None)
        if version is None:
            yield from self._of_isso()
            return
        if version != VERSION:
            raise ImportRefused(self.path, 0, f"has version {version!r}; known is {VERSION}")
        ours = next(items(self.path, "from"), None) == OURS
        known = set()
        for number, item in enumerate(items(self.path, "threads.item"), start=1):
            each = self._object(item, f"threads, number {number}")
            thread = self._thread(each, text(each, "id"))
            known.add(thread.id)
            yield thread
        for number, item in enumerate(items(self.path, "responses.item"), start=1):
            place = f"{self.path.name}: responses, number {number}"
            each = self._object(item, place)
            thread = self._thread(each, text(each, "thread"))
            if thread.id not in known and not text(each, "thread"):
                known.add(thread.id)
                yield thread
            yield self._response(each, thread.id, place, ours=ours)

    def _object(self, item: object, place: str) -> Mapping[str, Any]:
        if isinstance(item, dict):
            return item
        raise ImportRefused(self.path, 0, f"{place}: is no object")

    def _thread(self, item: Mapping[str, Any], name: str) -> Thread:
        url, key = text(item, "url"), text(item, "entry")
        return Thread(name or key or url, self.path.name, url, text(item, "title"), key)

    def _response(self, item: Mapping[str, Any], thread: str, place: str, *, ours: bool) -> Finding:
        if not thread:
            return Skipped(place, "names no entry, url or thread")
        if "body" not in item and "html" not in item:
            return Skipped(place, "has neither body nor html")
        body = item.get("body", item.get("html"))
        if not isinstance(body, str):
            return Skipped(place, "its body is no text")
        try:
            status = Status(text(item, "status") or Status.APPROVED)
            kind = Kind(text(item, "kind") or Kind.COMMENT)
        except ValueError as error:
            return Skipped(place, f"its status or kind is unknown: {error}")
        wording = Wording.MARKDOWN if "body" in item else Wording.HTML
        return Response(
            thread=thread,
            id=text(item, "id") or fields.made_id(text(item, "author"), text(item, "date"), body),
            place=place,
            author=text(item, "author"),
            body=body,
            date=fields.moment(item.get("date")),
            status=status,
            wording=wording,
            email=text(item, "email"),
            website=text(item, "website"),
            parent=text(item, "replyto") or None,
            kind=kind,
            by_author=text(item, "role") == "author",
            source=text(item, "source") or None,
            ours=ours,
            alone=item.get("alone") is True,
            notes=tuple(f"its {key!r} does not come along" for key in sorted(item.keys() - _KEYS)),
        )

    def _of_isso(self) -> Iterator[Finding]:
        for number, item in enumerate(items(self.path, "item"), start=1):
            place = f"{self.path.name}: thread {number}"
            comments = item.get("comments") if isinstance(item, dict) else None
            if not isinstance(comments, list):
                raise ImportRefused(self.path, 0, f"{place}: has no comments; this is another kind")
            name = text(item, "id")
            yield Thread(name, place, name, text(item, "title"))
            for which, comment in enumerate(comments, start=1):
                where = f"{place}, comment {which}"
                yield self._isso(self._object(comment, where), name, where)

    def _isso(self, item: Mapping[str, Any], thread: str, place: str) -> Finding:
        body = text(item, "text").strip("\n")
        return Response(
            thread=thread,
            id=text(item, "id") or fields.made_id(text(item, "author"), body),
            place=place,
            author=text(item, "author"),
            body=body,
            date=fields.moment(item.get("created")),
            status=Status.APPROVED,
            email=text(item, "email"),
            website=text(item, "website"),
            parent=text(item, "parent") or None,
        )
