"""What the last builds have made, and from what: one SQLite file for each output folder.

It is a memory, not a record: without it everything is built anew, and no file is taken for ours.
"""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from incremental.facts import JOURNAL, Changes, Facts
from incremental.facts import TABLE as FACTS
from incremental.fragments import Fragment
from incremental.memory import connect
from incremental.pieces import Pieces
from incremental.stamps import Stamp
from incremental.traces import FRAGMENT, Inputs, Known, Read, Trace

_FORMAT: Final = 3
_TABLES: Final = """
CREATE TABLE files (
    name TEXT PRIMARY KEY, digest BLOB NOT NULL,
    size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
    inode INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE intended (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE names (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
CREATE TABLE attributes (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
CREATE TABLE subjects (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest BLOB);
CREATE TABLE pages (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, templates BLOB NOT NULL,
    common BLOB NOT NULL, frame BLOB NOT NULL, whole BLOB NOT NULL, names INTEGER NOT NULL,
    siteurl TEXT NOT NULL, blocked TEXT NOT NULL
);
CREATE TABLE reads (
    page INTEGER NOT NULL, subject INTEGER NOT NULL, attributes INTEGER NOT NULL,
    digest BLOB NOT NULL, PRIMARY KEY (page, subject)
) WITHOUT ROWID;
CREATE INDEX readers ON reads (subject, page);
CREATE TABLE pieces (
    page INTEGER NOT NULL, number INTEGER NOT NULL, gap INTEGER NOT NULL, length INTEGER NOT NULL,
    kind TEXT NOT NULL, key TEXT NOT NULL, argument TEXT NOT NULL, PRIMARY KEY (page, number)
) WITHOUT ROWID;
CREATE INDEX places ON pieces (key, page);
CREATE TABLE notes (topic TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""
# A loose fragment stands nowhere in its file: it has a number below 0.
_NOWHERE: Final = -1
# What is true only as long as the last build that was begun is one that came to its end.
_LEFT: Final = "left"
# So many traces are unpacked at a time.
_AT_ONCE: Final = 500
# The name of no file. It is among those intended as long as a build goes on.
BEGUN: Final = ""
_NUMBERED: Final[Mapping[str, tuple[str, str]]] = {
    table: (
        f"SELECT id FROM {table} WHERE {column} = ?",  # noqa: S608  # the names stand here
        f"INSERT INTO {table} ({column}) VALUES (?)",  # noqa: S608  # the names stand here
    )
    for table, column in (("names", "value"), ("attributes", "value"), ("subjects", "name"))
}


class Made(NamedTuple):
    """A file that a build has put into the output folder, and what its bytes were then."""

    digest: bytes
    stamp: Stamp


class Left(NamedTuple):
    """What a build leaves for those who come after it: a note of its own, and changes of facts."""

    note: bytes
    facts: Changes


class State:
    """The memory of the builds into one output folder. One process at a time may open it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, dict[object, int]] = {}

    @property
    def facts(self) -> Facts:
        """What plugins have left for those who come between builds."""
        return Facts(self._connection)

    @property
    def pieces(self) -> Pieces:
        """Where the fragments stand in the files."""
        return Pieces(self._connection)

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open the memory in a file; a damaged one, or another version's, is begun anew."""
        with closing(connect(path, _FORMAT, _TABLES + FACTS)) as connection:
            yield cls(connection)

    def files(self) -> Mapping[str, Made]:
        """What the last build that came to its end has left, by name below the output folder."""
        rows = self._connection.execute(
            "SELECT name, digest, size, modified, changed, inode FROM files"
        )
        return {name: Made(digest, Stamp(*stamp)) for name, digest, *stamp in rows}

    def file(self, name: str) -> Made | None:
        """One of these files."""
        wanted = "SELECT digest, size, modified, changed, inode FROM files WHERE name = ?"
        for digest, *stamp in self._connection.execute(wanted, (name,)):
            return Made(digest, Stamp(*stamp))
        return None

    def begin(self) -> None:
        """Note that a build has begun. Until one has come to its end, nothing counts as left."""
        with self._connection:
            self._connection.execute("INSERT OR IGNORE INTO intended VALUES (?)", (BEGUN,))
            self._connection.execute("DELETE FROM notes WHERE topic = ?", (_LEFT,))
            self._connection.execute("DELETE FROM facts WHERE topic = ?", (JOURNAL,))

    def left(self) -> bytes:
        """What the last build has left for those who come after it, if it came to its end."""
        return self.noted(_LEFT)

    def intend(self, names: Iterable[str]) -> None:
        """Note, before they are there, files that no build has made so far."""
        with self._connection:
            rows = ((name,) for name in names)
            self._connection.executemany("INSERT OR IGNORE INTO intended VALUES (?)", rows)

    def intended(self) -> Collection[str]:
        """New files that builds have meant to make which did not come to their end, and BEGUN."""
        return [name for (name,) in self._connection.execute("SELECT name FROM intended")]

    def finish(  # noqa: PLR0913  # all that a build knows at its end
        self,
        files: Mapping[str, Made],
        gone: Collection[str],
        traces: Mapping[str, Trace | None] | None = None,
        subjects: Mapping[str, bytes] | None = None,
        left: Left | None = None,
        *,
        whole: bool = True,
    ) -> None:
        """Note what a build has made and removed; if it is ``whole``, nothing is merely intended.

        ``traces`` says of files what they were made from; of one with None nobody knows.
        ``subjects`` are all that there are, with their digests; None where that is as it was.
        """
        with self.changing():
            self.drop(gone)
            self.have(files)
            if subjects is not None:
                self._keep_subjects(subjects)
            self.remake(traces or {})
            if left:
                self.facts.change(left.facts)
                self._note(_LEFT, left.note)
            if whole:
                self._connection.execute("DELETE FROM intended")

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A time in which all that is changed is changed together, or not at all."""
        with self._connection:
            yield

    def have(self, files: Mapping[str, Made]) -> None:
        """Take files for made."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?)", map(_row, files.items())
        )

    def remake(self, traces: Mapping[str, Trace | None]) -> None:
        """Remember of files what they have been made from, in place of what was known."""
        names = list(traces)
        for name in names:
            self._forget(name)
        for first in range(0, len(names), _AT_ONCE):
            some = ((name, traces[name]) for name in names[first : first + _AT_ONCE])
            self._keep({name: trace for name, trace in some if trace})

    def drop(self, names: Collection[str]) -> None:
        """Forget files that are gone."""
        for name in names:
            self._forget(name)
        self._connection.executemany("DELETE FROM files WHERE name = ?", ((n,) for n in names))

    def give_up(self, names: Iterable[str]) -> None:
        """Take files for no longer intended."""
        rows = ((name,) for name in names)
        self._connection.executemany("DELETE FROM intended WHERE name = ?", rows)

    def inputs(self, name: str) -> bytes:
        """What a document was made from, as its maker told; empty if that is unknown."""
        found = self._connection.execute("SELECT frame FROM pages WHERE name = ?", (name,))
        return next((bytes(frame) for (frame,) in found), b"")

    def version(self, key: str) -> bytes:
        """What the texts of fragments with this key were made from; empty if that is unknown."""
        wanted = "SELECT digest FROM subjects WHERE name = ?"
        found = self._connection.execute(wanted, (FRAGMENT + key,))
        return next((bytes(digest) for (digest,) in found if digest), b"")

    def have_versions(self, versions: Mapping[str, bytes]) -> None:
        """Take all files that show fragments with these keys for made from these versions."""
        for key, version in versions.items():
            name = FRAGMENT + key
            self._connection.execute(
                "UPDATE reads SET digest = ? WHERE subject = (SELECT id FROM subjects"
                " WHERE name = ?)",
                (version, name),
            )
            self._connection.execute(
                "INSERT INTO subjects (name, digest) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET digest = excluded.digest",
                (name, version),
            )

    def known(self) -> Known:
        """The pages that were made, what from, and the subjects as they were."""
        names = {
            number: tuple((name, _tupled(of)) for name, of in json.loads(value))
            for number, value in self._connection.execute("SELECT id, value FROM names")
        }
        pages = self._connection.execute(
            "SELECT name, templates, common, frame, whole, names, siteurl, blocked FROM pages"
        )
        subjects = self._connection.execute("SELECT name, digest FROM subjects")
        return Known(
            {
                name: Inputs(templates, common, frame, whole, names[asked], siteurl, blocked)
                for name, templates, common, frame, whole, asked, siteurl, blocked in pages
            },
            dict(subjects),
        )

    def noted(self, topic: str) -> bytes:
        """What was noted under a topic; nothing where there is no such note."""
        found = self._connection.execute("SELECT value FROM notes WHERE topic = ?", (topic,))
        return next((bytes(value) for (value,) in found), b"")

    def note(self, topic: str, value: bytes) -> None:
        """Note something, in place of what was noted under that topic before."""
        with self._connection:
            self._note(topic, value)

    def readers(self, subject: str) -> Iterator[tuple[str, Read]]:
        """Yield the pages that have read something of a subject, and what."""
        rows = self._connection.execute(
            "SELECT pages.name, attributes.value, reads.digest FROM subjects"
            " JOIN reads ON reads.subject = subjects.id JOIN pages ON pages.id = reads.page"
            " JOIN attributes ON attributes.id = reads.attributes WHERE subjects.name = ?",
            (subject,),
        )
        return ((page, Read(subject, tuple(json.loads(of)), digest)) for page, of, digest in rows)

    def _note(self, topic: str, value: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (topic, value))

    def _keep(self, traces: Mapping[str, Trace]) -> None:
        """Remember what files were made from."""
        (last,) = self._connection.execute("SELECT max(id) FROM pages").fetchone()
        numbered = dict(enumerate(traces.items(), start=(last or 0) + 1))
        self._connection.executemany(
            "INSERT INTO pages VALUES (?,?,?,?,?,?,?,?,?)",
            (
                (
                    *(page, name, i.templates, i.common, i.frame, i.whole),
                    *(self._number("names", i.names), i.siteurl, i.blocked),
                )
                for page, (name, trace) in numbered.items()
                for i in (trace.inputs,)
            ),
        )
        self._connection.executemany(
            "INSERT INTO reads VALUES (?,?,?,?)",
            (
                (
                    page,
                    self._number("subjects", read.subject),
                    self._number("attributes", read.attributes),
                    read.digest,
                )
                for page, (_, trace) in numbered.items()
                for read in trace.reads
            ),
        )
        self._connection.executemany(
            "INSERT INTO pieces VALUES (?,?,?,?,?,?,?)",
            (
                (page, number, gap, length, f.kind, f.key, f.argument)
                for page, (_, trace) in numbered.items()
                for f, number, gap, length in _places(trace)
            ),
        )

    def _number(self, table: str, value: str | tuple[Any, ...]) -> int:
        """The number of a value in a table, which gets it if it does not have it."""
        known = self._numbers.setdefault(table, {})
        if value not in known:
            find, insert = _NUMBERED[table]
            text = value if isinstance(value, str) else json.dumps(value)
            if not self._connection.execute(find, (text,)).fetchone():
                self._connection.execute(insert, (text,))
            known[value] = self._connection.execute(find, (text,)).fetchone()[0]
        return known[value]

    def _keep_subjects(self, subjects: Mapping[str, bytes]) -> None:
        before = dict(self._connection.execute("SELECT name, digest FROM subjects"))
        self._connection.executemany(
            "DELETE FROM subjects WHERE name = ?",
            ((name,) for name in before.keys() - subjects.keys()),
        )
        self._connection.executemany(
            "INSERT INTO subjects (name, digest) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET digest = excluded.digest",
            ((name, each) for name, each in subjects.items() if before.get(name) != each),
        )
        self._numbers.pop("subjects", None)

    def _forget(self, name: str) -> None:
        """Forget what a file was made from."""
        for (page,) in self._connection.execute("SELECT id FROM pages WHERE name = ?", (name,)):
            for table in ("reads", "pieces"):
                self._connection.execute(f"DELETE FROM {table} WHERE page = ?", (page,))  # noqa: S608  # the names stand here
            self._connection.execute("DELETE FROM pages WHERE id = ?", (page,))


def _row(made: tuple[str, Made]) -> tuple[str, bytes, int, int, int, int]:
    name, (digest, s) = made[0], (made[1].digest, made[1].stamp)
    return name, digest, s.size, s.modified, s.changed, s.inode


def file_for(folder: Path, output: Path) -> Path:
    """Where the memory of the builds into ``output`` lies, below ``folder``."""
    place = hashlib.blake2b(str(output.resolve()).encode(), digest_size=8).hexdigest()
    return folder / f"{place}.sqlite3"


def _places(trace: Trace) -> Iterator[tuple[Fragment, int, int, int]]:
    """A file's fragments with their numbers, how far each is from the one before, and lengths.

    That way a piece may grow or shrink without a change of those that follow it.
    """
    end = 0
    for number, piece in enumerate(trace.pieces):
        yield piece.fragment, number, piece.offset - end, piece.length
        end = piece.offset + piece.length
    for number, fragment in enumerate(sorted(trace.loose)):
        yield fragment, _NOWHERE - number, 0, 0


def _tupled(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
