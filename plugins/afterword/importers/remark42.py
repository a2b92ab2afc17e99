"""Remark42's export and backups: a line about the site, then a line of JSON for each comment."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from afterword.errors import ImportRefused
from afterword.importers import fields
from afterword.importers.ampersands import unescaped
from afterword.importers.files import mistaken, opened
from afterword.importers.findings import Finding, Response, Skipped, Thread, Wording
from afterword.importers.json import text
from afterword.model import Status

_MOST_BYTES: Final = 16_000_000


@dataclass(frozen=True, slots=True)
class Remark42:
    """The export of one site, packed or not."""

    path: Path

    @property
    def name(self) -> str:
        return "remark42"

    def read(self) -> Iterator[Finding]:
        threads: set[str] = set()
        for number, item in self._lines():
            place = f"{self.path.name}:{number}"
            address = text(_part(item, "locator"), "url")
            if address not in threads:
                threads.add(address)
                yield Thread(address, place, url=address, title=text(item, "title"))
            yield _comment(item, address, place)

    def _lines(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The comments, with the lines they stand in."""
        first = True
        with opened(self.path) as file:
            number = 0
            while line := file.readline(_MOST_BYTES):
                number += 1
                if not line.strip():
                    continue
                item = self._parsed(line, number)
                if first:
                    self._check(item, number)
                    first = False
                else:
                    yield number, item
        if first:
            raise ImportRefused(self.path, 0, "is empty")

    def _parsed(self, line: bytes, number: int) -> Mapping[str, Any]:
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            found = mistaken(self.path, "is JSON")
            reason = f"{found}; expected is" if found else "is no line of"
            reason += f" an export of Remark42: {error}"
            raise ImportRefused(self.path, number, reason) from None
        if not isinstance(item, dict):
            raise ImportRefused(self.path, number, "is no line of an export of Remark42")
        return item

    def _check(self, item: Mapping[str, Any], number: int) -> None:
        if "users" not in item or "posts" not in item:
            raise ImportRefused(self.path, number, "does not begin as an export of Remark42 does")
        if item.get("version", 0) not in (0, 1):
            raise ImportRefused(self.path, number, f"has version {item['version']!r}; known is 1")


def _part(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = item.get(key)
    return part if isinstance(part, dict) else {}


def _comment(item: Mapping[str, Any], thread: str, place: str) -> Finding:
    number, above = text(item, "id"), text(item, "pid") or None
    user = _part(item, "user")
    if item.get("delete"):
        return Skipped(place, "was deleted there", True, thread, number, above)  # as named
    if not number or not thread:
        return Skipped(place, "has no id or no address")
    return Response(
        thread=thread,
        id=number,
        place=place,
        # It is kept escaped there.
        author=unescaped(text(user, "name")),
        body=text(item, "text") or text(item, "orig"),
        date=fields.moment(item.get("time")),
        status=Status.APPROVED,
        wording=Wording.HTML,
        email=text(user, "email"),
        parent=above,
        by_author=user.get("admin") is True,
    )
