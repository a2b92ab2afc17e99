"""Where fragments stand in files: found by their keys, made longer or shorter one by one."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incremental.fragments import Fragment


@dataclass(frozen=True, slots=True)
class Place:
    """A fragment in a file, which has the number ``page``; ``number`` counts those in the file.

    One that cannot be made anew by itself has a number below 0, and no length.
    """

    page: int
    number: int
    length: int
    fragment: Fragment

    @property
    def is_loose(self) -> bool:
        """Whether it stands nowhere by itself."""
        return self.number < 0


class Pieces:
    """The places of all fragments, as one state knows them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def showing(self, keys: Iterable[str]) -> Mapping[str, list[Place]]:
        """The places of the fragments that have one of these keys, by the names of the files."""
        wanted = (
            "SELECT name, page, number, length, kind, key, argument FROM pieces"
            " JOIN pages ON pages.id = page WHERE key = ?"
        )
        found: dict[str, list[Place]] = {}
        for each in keys:
            for name, page, number, length, *of in self._connection.execute(wanted, (each,)):
                place = Place(page, number, length, Fragment(*of))
                found.setdefault(name, []).append(place)
        return found

    def offset(self, place: Place) -> int:
        """Where a piece begins in its file, in bytes."""
        wanted = "SELECT sum(gap + length) FROM pieces WHERE page = ? AND number BETWEEN 0 AND ?"
        (end,) = self._connection.execute(wanted, (place.page, place.number)).fetchone()
        return int(end) - place.length

    def resize(self, name: str, lengths: Mapping[int, int]) -> None:
        """Note new lengths of a file's pieces, by number, in whatever transaction goes on."""
        self._connection.executemany(
            "UPDATE pieces SET length = ? WHERE number = ?"
            " AND page = (SELECT id FROM pages WHERE name = ?)",
            ((length, number, name) for number, length in lengths.items()),
        )
