"""What was found in files before: kept by where they lie and what they were read by.

What comes out of the memory is plain text: whoever can write to it can make a wrong page, and
nothing happens that would not happen with the page's source.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import Final, NamedTuple, Self, TypeVar

from incremental.memory import connect, is_damage, remove

_FORMAT: Final = 2
_TABLES: Final = """
CREATE TABLE variants (
    id INTEGER PRIMARY KEY, made_by BLOB NOT NULL UNIQUE, used INTEGER NOT NULL
);
CREATE TABLE found (
    variant INTEGER NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL,
    stamp BLOB NOT NULL, source BLOB NOT NULL, day TEXT NOT NULL, others TEXT NOT NULL,
    names TEXT NOT NULL, "values" TEXT NOT NULL, text BLOB,
    links TEXT NOT NULL, notes TEXT NOT NULL, mark BLOB NOT NULL,
    PRIMARY KEY (variant, kind, path)
) WITHOUT ROWID;
CREATE TABLE texts (digest BLOB PRIMARY KEY, text TEXT NOT NULL)
"""
# One for each site that is built from these files, and some for what they were before a change.
_VARIANTS: Final = 10
# So many are written at once: as much as is lost if the build is killed.
_AT_ONCE: Final = 500

_TIDIED_EVERY: Final = 64
_ORPHANS: Final = (
    "DELETE FROM found WHERE variant NOT IN (SELECT id FROM variants)",
    "DELETE FROM texts WHERE digest NOT IN (SELECT text FROM found WHERE text IS NOT NULL)",
)

Key = tuple[str, str]
T = TypeVar("T")


class Found(NamedTuple):
    """What was found in a file: ``names`` and ``values`` of attributes, and a text beside them.

    ``stamp`` tells that the file is as it was, without looking into it; empty, it cannot.
    ``source`` is the digest of its bytes. What was found holds only on the ``day`` given, if one
    is, and while the ``others``, files by JSON, are as they were. ``text`` is a text's digest.
    ``links`` and ``notes`` are JSON, ``mark`` tells whether anything at all is different.
    """

    stamp: bytes
    source: bytes
    day: str
    others: str
    names: str
    values: str
    text: bytes | None
    links: str
    notes: str
    mark: bytes


_COLUMNS: Final = ", ".join(f'"{name}"' for name in Found._fields)


class Lost(Exception):
    """A text that was kept is not there any more; the next build begins a new memory."""


class Parsed:
    """What was found in files as one site's settings and code read them, by kind and path."""

    def __init__(self, path: Path, lock: int) -> None:
        self._path, self._lock = path, lock
        self._process = os.getpid()
        self._connection = connect(path, _FORMAT, _TABLES)
        self._inherited: list[sqlite3.Connection] = []
        self._is_closed = False
        self._made_by, self._variant, self._is_worn = b"", 0, False
        self._new: dict[Key, Found] = {}
        self._texts: dict[bytes, str] = {}

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open the memory in a file; a damaged one, or another version's, is begun anew.

        Any number of processes may have it open.
        """
        with _holding(path.with_name(f"{path.name}-used")) as lock:
            one = cls(path, lock)
            try:
                yield one
                one._surely(one._tidy)
            finally:
                # What was found stays found, whatever became of the build.
                one._close()

    def choose(self, made_by: bytes) -> bool:
        """Turn to what these settings and this code have read; whether they have read before.

        To be done first, and once in each build: what was not used for long is forgotten.
        """
        self._made_by = made_by
        return self._surely(self._choose)

    def all(self) -> dict[Key, Found]:
        """Everything that is known."""
        return self._surely(self._all)

    def put(self, key: Key, found: Found, text: str | None = None) -> None:
        """Keep what was found in a file, with its text where that may be a new one."""
        self._new[key] = found
        if text is not None and found.text is not None:
            self._texts[found.text] = text
        if len(self._new) >= _AT_ONCE:
            self.save()

    def save(self) -> None:
        """Have on disk what was put."""
        self._surely(self._save)
        self._new, self._texts = {}, {}

    def text(self, digest: bytes) -> str:
        """The text of this digest. May be called in a forked process. Raises Lost."""
        if (text := self._texts.get(digest)) is not None:
            return text
        try:
            with self._asking() as connection:
                rows = connection.execute("SELECT text FROM texts WHERE digest = ?", (digest,))
                for (text,) in rows:
                    return str(text)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        remove(self._path)
        raise Lost(f"{self._path} was damaged; it has been removed: build again")

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        """A connection of this process's own, as long as there is anybody to ask."""
        if self._is_closed:
            with closing(sqlite3.connect(self._path, timeout=60)) as connection:
                yield connection
            return
        if self._process != os.getpid():
            # Those that were inherited must neither be used nor closed.
            self._inherited.append(self._connection)
            self._process = os.getpid()
            self._connection = sqlite3.connect(self._path, timeout=60)
        yield self._connection

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself: who copies a post does not mean the memory that its text lies in."""
        return self

    def forget(self, keys: Iterable[Key]) -> None:
        """Keep nothing any more of files that are not there."""
        rows = [(self._variant, *key) for key in keys]
        with self._connection:
            self._connection.executemany(
                "DELETE FROM found WHERE variant = ? AND kind = ? AND path = ?", rows
            )

    def _choose(self) -> bool:
        with self._connection:
            rows = self._connection.execute(
                "UPDATE variants SET used = (SELECT max(used) + 1 FROM variants) "
                "WHERE made_by = ? RETURNING id, used",
                (self._made_by,),
            ).fetchall()
            for self._variant, used in rows:
                self._is_worn = used % _TIDIED_EVERY == 0
                return True
            self._is_worn = True
            (self._variant,) = self._connection.execute(
                "INSERT INTO variants (made_by, used) "
                "SELECT ?, coalesce(max(used), 0) + 1 FROM variants RETURNING id",
                (self._made_by,),
            ).fetchone()
            return False

    def _all(self) -> dict[Key, Found]:
        rows = self._connection.execute(
            f"SELECT kind, path, {_COLUMNS} FROM found WHERE variant = ?",  # noqa: S608  # ours
            (self._variant,),
        )
        return {(kind, path): Found._make(row) for kind, path, *row in rows}

    def _save(self) -> None:
        with self._connection:
            self._connection.executemany(
                "INSERT OR IGNORE INTO texts VALUES (?, ?)", self._texts.items()
            )
            self._connection.executemany(
                f"INSERT OR REPLACE INTO found VALUES (?, ?, ?{', ?' * len(Found._fields)})",  # noqa: S608  # ours
                ((self._variant, *key, *found) for key, found in self._new.items()),
            )

    def _tidy(self) -> None:
        """Forget what other settings have read long ago, if nobody else is reading now."""
        if not self._is_worn:
            return
        with suppress(BlockingIOError), self._connection:
            flock(self._lock, LOCK_EX | LOCK_NB)
            self._connection.execute(
                "DELETE FROM variants WHERE id NOT IN "
                "(SELECT id FROM variants ORDER BY used DESC LIMIT ?)",
                (_VARIANTS,),
            )
            for statement in _ORPHANS:
                self._connection.execute(statement)

    def _surely(self, work: Callable[[], T]) -> T:
        """Do something with the memory, with a new one if it turns out to be damaged."""
        try:
            return work()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._connection.close()
            remove(self._path)
            self._connection = connect(self._path, _FORMAT, _TABLES)
            self._choose()
            return work()

    def _close(self) -> None:
        try:
            self.save()
        finally:
            self._is_closed = True
            self._connection.close()


def digest(data: bytes) -> bytes:
    """What tells one file or text from another."""
    return hashlib.blake2b(data, digest_size=16).digest()


@contextmanager
def _holding(lock_file: Path) -> Iterator[int]:
    """Keep others from tidying up meanwhile."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(handle, LOCK_SH)
        yield handle
    finally:
        os.close(handle)
