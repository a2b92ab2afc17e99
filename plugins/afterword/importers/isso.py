"""Isso's database: read where it lies, and never written to.

Its schema has grown: older ones have no column for subscriptions, and the oldest files were
written before answers were flattened to two levels. What is read here has been there always.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from afterword.errors import ImportRefused
from afterword.importers import fields
from afterword.importers.files import mistaken
from afterword.importers.findings import Finding, Response, Skipped, Thread
from afterword.model import Status

_STATUS: Final = {1: Status.APPROVED, 2: Status.PENDING}
# It is kept, empty, because others answer it.
_DELETED: Final = 4
_TABLES: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
)
_THREADS: Final = "SELECT id, uri, title FROM threads ORDER BY id"
_COMMENTS: Final = (
    "SELECT tid, id, parent, created, mode, text, author, email, website FROM comments ORDER BY id"
)
# No text of a comment is as long, nor a row.
_MOST_BYTES: Final = 16_000_000


@dataclass(frozen=True, slots=True)
class Isso:
    """The SQLite file of one site."""

    path: Path

    @property
    def name(self) -> str:
        return "isso"

    def read(self) -> Iterator[Finding]:
        try:
            with closing(
                # By one thread after the other: who writes what is read here has one of its own.
                sqlite3.connect(
                    f"{self.path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
                )
            ) as db:
                db.text_factory = _text
                _check(db)
                for number, uri, title in db.execute(_THREADS):
                    place = f"{self.path.name}: thread {number}"
                    yield Thread(str(number), place, url=str(uri or ""), title=str(title or ""))
                for row in db.execute(_COMMENTS):
                    yield self._comment(row)
        except sqlite3.Error as error:
            found = mistaken(self.path, "is a database of SQLite")
            sound = f"is no sound database of Isso: {error}"
            reason = f"{found}; expected is Isso's database" if found else sound
            raise ImportRefused(self.path, 0, reason) from error

    def _comment(self, row: tuple[object, ...]) -> Finding:
        thread, number, parent, created, mode, text, author, email, website = row
        place = f"{self.path.name}: comment {number}"
        above = None if parent is None else str(parent)
        if mode not in _STATUS:
            gone = mode == _DELETED
            reason = "was deleted there" if gone else f"its mode {mode!r} is unknown"
            return Skipped(place, reason, gone, str(thread), str(number), above)
        return Response(
            thread=str(thread),
            id=str(number),
            place=place,
            author=str(author or ""),
            body=str(text or "").strip("\r\n"),
            date=fields.moment(created),
            status=_STATUS[mode],
            email=str(email or ""),
            website=str(website or ""),
            parent=above,
        )


def _check(db: sqlite3.Connection) -> None:
    """Raise sqlite3.Error for what is made to go on without end: views, and values as long."""
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    db.execute("PRAGMA trusted_schema = OFF")
    found = {name for (name,) in db.execute(_TABLES)}
    if missing := {"threads", "comments"} - found:
        raise sqlite3.DatabaseError(f"no such table: {', '.join(sorted(missing))}")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
