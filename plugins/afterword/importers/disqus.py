"""Disqus's export: all threads of a site, then all comments, which it calls posts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from afterword.importers import fields
from afterword.importers.findings import Finding, Response, Skipped, Thread, Wording
from afterword.importers.xml import attribute, child, content, elements, local
from afterword.model import Status

# Links are led through Disqus, which counts who follows them.
_LED: Final = re.compile(r"https?://disq\.us/url\?url=([^&\"'\s<>]+)[^\"'\s<>]*")
_HASH: Final = re.compile(r":[\w-]{20,}$")


@dataclass(frozen=True, slots=True)
class Disqus:
    """The export of one site, packed or not."""

    path: Path

    @property
    def name(self) -> str:
        return "disqus"

    def read(self) -> Iterator[Finding]:
        deleted: set[str] = set()
        number = 0
        for element in elements(self.path, "disqus"):
            match local(element.tag):
                case "thread":
                    thread = self._thread(element)
                    if _is(element, "isDeleted"):
                        deleted.add(thread.id)
                    yield thread
                case "post":
                    number += 1
                    yield self._post(element, number, deleted)

    def _thread(self, element: Element) -> Thread:
        name = attribute(element, "id")
        return Thread(
            id=name,
            place=f"{self.path.name}: thread {name}",
            url=content(element, "link"),
            title=content(element, "title"),
            alias=content(element, "id"),
        )

    def _post(self, element: Element, which: int, deleted: set[str]) -> Finding:
        author = child(element, "author")
        thread = attribute(child(element, "thread"), "id")
        message, created = content(element, "message"), content(element, "createdAt")
        number = attribute(element, "id")
        place = f"{self.path.name}: post {number or f'number {which}, without an id'}"
        number = number or fields.made_id(thread, created, content(author, "name"), message)
        above = attribute(child(element, "parent"), "id") or None
        if _is(element, "isDeleted") or thread in deleted:
            what = "was deleted there" if thread not in deleted else "its thread was deleted there"
            return Skipped(place, what, True, thread, number, above)  # as named
        return Response(
            thread=thread,
            id=number,
            place=place,
            author=content(author, "name") or content(author, "username"),
            body=_LED.sub(_straight, message),
            date=fields.moment(created),
            status=_status(element),
            wording=Wording.HTML,
            email=content(author, "email"),
            website=content(author, "link"),
            parent=above,
        )


def _status(element: Element) -> Status:
    if _is(element, "isSpam"):
        return Status.SPAM
    waits = content(element, "isApproved").lower() == "false"
    return Status.PENDING if waits else Status.APPROVED


def _is(element: Element, name: str) -> bool:
    return content(element, name).lower() in {"true", "1"}


def _straight(led: re.Match[str]) -> str:
    """Where a link leads that was led through Disqus."""
    return _HASH.sub("", unquote(led[1])).replace('"', "%22").replace("<", "%3C")
