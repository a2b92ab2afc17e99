"""Texts that have been parsed before: kept by what they were parsed from.

What comes out of the memory is plain JSON: whoever can write to the file can make a wrong page,
and nothing happens that would not happen with the page's source.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Self

from incremental.memory import connect

_FORMAT: Final = 1
_TABLE: Final = """
CREATE TABLE parsed (
    key BLOB PRIMARY KEY, value TEXT NOT NULL, until TEXT NOT NULL, used TEXT NOT NULL
) WITHOUT ROWID;
"""
_KEPT: Final = timedelta(days=60)


class Parsed:
    """Values by key, on one day. Any number of processes may use the same file."""

    def __init__(self, connection: sqlite3.Connection, today: date) -> None:
        self._connection = connection
        self._today = today.isoformat()
        self._oldest = (today - _KEPT).isoformat()
        self._new: dict[bytes, tuple[str, str]] = {}
        self._used: set[bytes] = set()

    @classmethod
    @contextmanager
    def open(cls, path: Path, today: date) -> Iterator[Self]:
        """Open the memory in a file; a damaged one, or another version's, is begun anew."""
        with closing(connect(path, _FORMAT, _TABLE)) as connection:
            one = cls(connection, today)
            yield one
            one.save()

    def get(self, key: bytes) -> str | None:
        """What was kept under a key and still holds today."""
        rows = self._connection.execute(
            "SELECT value, used FROM parsed WHERE key = ? AND until >= ?", (key, self._today)
        )
        for value, used in rows:
            if used != self._today:
                self._used.add(key)
            return str(value)
        return None

    def put(self, key: bytes, value: str, *, for_today: bool = False) -> None:
        """Keep a value; one that tomorrow might be another, only ``for_today``."""
        self._new[key] = (value, self._today if for_today else "9999")

    def save(self) -> None:
        """Have on disk what was put, and forget what nobody has asked for in two months."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO parsed VALUES (?, ?, ?, ?)",
                ((key, *value, self._today) for key, value in self._new.items()),
            )
            self._connection.executemany(
                "UPDATE parsed SET used = ? WHERE key = ?",
                ((self._today, key) for key in self._used),
            )
            self._connection.execute(
                "DELETE FROM parsed WHERE used < ? OR until < ?", (self._oldest, self._today)
            )
        self._new, self._used = {}, set()
