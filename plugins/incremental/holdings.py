"""What is kept of folders of files: in a file of ours, or only as long as somebody needs it.

It is kept as JSON: whoever can write to the file can do no more than with the folders themselves.
"""

import json
import os
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from weakref import finalize

from incremental.memory import connect

_FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE reader (version BLOB NOT NULL);
CREATE TABLE folders (name BLOB PRIMARY KEY, listing BLOB, summary TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE contents (name BLOB PRIMARY KEY, files TEXT NOT NULL);
"""

# Of a file: its stamp (size, modified, changed, inode), whether that tells of every change, and
# what was read.
Kept = list[Any]


@dataclass(frozen=True, slots=True)
class Short:
    """A folder in short. Without a ``listing`` its files are to be looked at one by one."""

    listing: bytes | None
    summary: str


@dataclass(frozen=True, slots=True)
class Holding:
    """What is kept of a folder, and of its files by their names."""

    name: str
    short: Short
    files: Mapping[str, Kept]


class Holdings(Protocol):
    """What is kept of all folders."""

    def shorts(self) -> Mapping[str, Short]:
        """All folders in short, by name."""

    def short(self, name: str) -> Short | None:
        """One folder in short; None if nothing is kept of it."""

    def files(self, name: str) -> Mapping[str, Kept]:
        """What is kept of the files of a folder, by their names."""

    def change(self, new: Sequence[Holding], gone: Collection[str]) -> None:
        """Keep these, and forget those."""


class Passing:
    """Keeps it as long as it lives itself."""

    def __init__(self) -> None:
        self._all: dict[str, Holding] = {}

    def shorts(self) -> Mapping[str, Short]:
        return {name: each.short for name, each in self._all.items()}

    def short(self, name: str) -> Short | None:
        return self._all[name].short if name in self._all else None

    def files(self, name: str) -> Mapping[str, Kept]:
        return self._all[name].files if name in self._all else {}

    def change(self, new: Sequence[Holding], gone: Collection[str]) -> None:
        for name in gone:
            self._all.pop(name, None)
        self._all.update({each.name: each for each in new})


class OnDisk:
    """Keeps it in an SQLite file, for any number of processes, and for those forked from them.

    What a reader of another ``version`` has made is forgotten. A damaged file is begun anew.
    """

    def __init__(self, path: Path, version: bytes) -> None:
        self._path = path
        own = connect(path, _FORMAT, _TABLES)
        finalize(self, own.close)
        # A connection must not be used, nor closed, beyond a fork.
        self._connections = {os.getpid(): own}
        self._take_over(version)

    def shorts(self) -> Mapping[str, Short]:
        rows = self._connection.execute("SELECT name, listing, summary FROM folders")
        return {os.fsdecode(name): Short(listing, text) for name, listing, text in rows}

    def short(self, name: str) -> Short | None:
        wanted = "SELECT listing, summary FROM folders WHERE name = ?"
        found = self._connection.execute(wanted, (_bytes(name),)).fetchone()
        return Short(*found) if found else None

    def files(self, name: str) -> Mapping[str, Kept]:
        wanted = "SELECT files FROM contents WHERE name = ?"
        found = self._connection.execute(wanted, (_bytes(name),)).fetchone()
        files: Mapping[str, Kept] = json.loads(found[0]) if found else {}
        return files

    def change(self, new: Sequence[Holding], gone: Collection[str]) -> None:
        if not new and not gone:
            return
        names = [(_bytes(name),) for name in gone]
        shorts = ((_bytes(each.name), each.short.listing, each.short.summary) for each in new)
        files = ((_bytes(each.name), json.dumps(each.files)) for each in new)
        with self._connection as connection:
            connection.executemany("DELETE FROM folders WHERE name = ?", names)
            connection.executemany("DELETE FROM contents WHERE name = ?", names)
            connection.executemany("INSERT OR REPLACE INTO folders VALUES (?,?,?)", shorts)
            connection.executemany("INSERT OR REPLACE INTO contents VALUES (?,?)", files)

    @property
    def _connection(self) -> sqlite3.Connection:
        process = os.getpid()
        if process not in self._connections:
            self._connections[process] = sqlite3.connect(self._path, timeout=60)
        return self._connections[process]

    def _take_over(self, version: bytes) -> None:
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute("SELECT version FROM reader").fetchone() == (version,):
                return
            for table in ("reader", "folders", "contents"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  # the names stand here
            connection.execute("INSERT INTO reader VALUES (?)", (version,))


def _bytes(name: str) -> bytes:
    """A name as the file system has it: not each is a text."""
    return os.fsencode(name)
