"""Commento's export: its comments, and apart from them who wrote them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from afterword.errors import ImportRefused
from afterword.importers import fields
from afterword.importers.findings import Finding, Response, Skipped, Thread, Wording
from afterword.importers.json import check, items, text
from afterword.model import Status

_STATUS: Final = {
    "approved": Status.APPROVED,
    "unapproved": Status.PENDING,
    # Taken for spam by a rule, and by nobody else: somebody has to look.
    "flagged": Status.PENDING,
}
_TOP: Final = "root"
# What stands there for a website that was not given.
_NONE: Final = "undefined"


@dataclass(frozen=True, slots=True)
class Commento:
    """The export of one site, packed or not."""

    path: Path

    @property
    def name(self) -> str:
        return "commento"

    def read(self) -> Iterator[Finding]:
        check(self.path)
        if next(items(self.path, "version"), None) != 1:
            raise ImportRefused(self.path, 0, "is no export of Commento, version 1")
        people = {
            text(each, "commenterHex"): each
            for each in items(self.path, "commenters.item")
            if isinstance(each, dict)
        }
        threads: set[str] = set()
        for number, item in enumerate(items(self.path, "comments.item"), start=1):
            place = f"{self.path.name}: comments, number {number}"
            if not isinstance(item, dict):
                raise ImportRefused(self.path, 0, f"{place}: is no object")
            address = f"https://{text(item, 'domain')}{text(item, 'url')}"
            if address not in threads:
                threads.add(address)
                yield Thread(address, place, url=address)
            yield _comment(item, people.get(text(item, "commenterHex"), {}), address, place)


def _comment(
    item: Mapping[str, Any], person: Mapping[str, Any], thread: str, place: str
) -> Finding:
    number, above = text(item, "commentHex"), text(item, "parentHex")
    parent = above if above not in {"", _TOP} else None
    status = _STATUS.get(text(item, "state"))
    if item.get("deleted") or status is None:
        deleted = bool(item.get("deleted"))
        reason = "was deleted there" if deleted else f"its state {item.get('state')!r} is unknown"
        return Skipped(place, reason, deleted, thread, number, parent)
    website = text(person, "link")
    markdown = text(item, "markdown").strip("\r\n")
    return Response(
        thread=thread,
        id=number or fields.made_id(thread, markdown, text(item, "creationDate")),
        place=place,
        author=text(person, "name"),
        body=markdown or text(item, "html"),
        date=fields.moment(item.get("creationDate")),
        status=status,
        wording=Wording.MARKDOWN if markdown else Wording.HTML,
        email=text(person, "email"),
        website="" if website == _NONE else website,
        parent=parent,
    )
