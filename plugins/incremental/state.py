"""What the last build has made: kept in one SQLite file for each output folder.

It is a memory, not a record: without it everything is built anew, and no file is taken for ours.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from incremental.memory import connect
from incremental.stamps import Stamp

_FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE files (
    name TEXT PRIMARY KEY, digest BLOB NOT NULL,
    size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
    inode INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE intended (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that a build has put into the output folder, and what its bytes were then."""

    digest: bytes
    stamp: Stamp


class State:
    """The memory of the builds into one output folder. One process at a time may open it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open the memory in a file; a damaged one, or another version's, is begun anew."""
        with closing(connect(path, _FORMAT, _TABLES)) as connection:
            yield cls(connection)

    def files(self) -> Mapping[str, Made]:
        """What the last build that came to its end has left, by name below the output folder."""
        rows = self._connection.execute(
            "SELECT name, digest, size, modified, changed, inode FROM files"
        )
        return {name: Made(digest, Stamp(*stamp)) for name, digest, *stamp in rows}

    def intend(self, name: str) -> None:
        """Note, before it is there, a file that no build has made so far."""
        with self._connection:
            self._connection.execute("INSERT OR IGNORE INTO intended VALUES (?)", (name,))

    def intended(self) -> Collection[str]:
        """New files that builds have meant to make which did not come to their end."""
        return [name for (name,) in self._connection.execute("SELECT name FROM intended")]

    def finish(self, files: Mapping[str, Made], gone: Collection[str]) -> None:
        """Note what a build has made and removed; now nothing is merely intended."""
        rows = (
            (name, each.digest, s.size, s.modified, s.changed, s.inode)
            for name, each in files.items()
            for s in (each.stamp,)
        )
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?)", rows)
            self._connection.executemany("DELETE FROM files WHERE name = ?", ((n,) for n in gone))
            self._connection.execute("DELETE FROM intended")


def file_for(folder: Path, output: Path) -> Path:
    """Where the memory of the builds into ``output`` lies, below ``folder``."""
    place = hashlib.blake2b(str(output.resolve()).encode(), digest_size=8).hexdigest()
    return folder / f"{place}.sqlite3"
