"""What a folder that is built into again and again has that its last copy has not.

Links to the folder's own files would cost less than copies. But they would change the inode's
date, by which builds tell that a file is as they left it; and a program that writes in place,
as Pelican's own writer does, would write into all the old copies.
"""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

from incremental.stamps import Stamp
from incremental.trees import scan

_FORMAT: Final = 1
_BLOCK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Pair:
    """A file of the folder and the one in the copy, as both were when they had the same bytes."""

    original: Stamp
    copy: Stamp

    def still(self, original: Stamp, copy: Stamp) -> bool:
        """Whether neither has been touched since."""
        # The inode's own date tells nothing about the copy: links to it come and go.
        return original == self.original and _place(copy) == _place(self.copy)


_UNKNOWN: Final = Pair(Stamp(0, 0, 0, 0), Stamp(0, 0, 0, 0))


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last copy was made from, by name. It may be lost: then bytes are compared.

    A name that is not in it may be of a file that somebody else has put into the copy.
    """

    pairs: Mapping[str, Pair]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read it from a file; an empty one where there is none that can be used."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            found = json.loads(path.read_bytes())
            if found["format"] == _FORMAT:
                return cls({name: _pair(row) for name, row in found["pairs"].items()})
        return cls({})

    def expecting(self, names: AbstractSet[str]) -> Self:
        """The same with these names, of whose files nothing is known but that we make them."""
        return replace(self, pairs={**self.pairs, **dict.fromkeys(names, _UNKNOWN)})

    def write(self, path: Path) -> None:
        """Keep it in a file. Raises OSError."""
        pairs = {
            name: [*_row(pair.original), *_row(pair.copy)] for name, pair in self.pairs.items()
        }
        temporary = path.with_name(f"{path.name}.next")
        temporary.write_text(json.dumps({"format": _FORMAT, "pairs": pairs}), encoding="ascii")
        temporary.replace(path)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ``files`` in a folder, those in its copy, and in what they differ.

    ``new`` are the names with bytes that the copy has not, ``gone`` those it has too many.
    """

    files: Mapping[str, Stamp]
    copied: Mapping[str, Stamp]
    new: AbstractSet[str]

    @property
    def gone(self) -> AbstractSet[str]:
        """The names that only the copy has."""
        return self.copied.keys() - self.files.keys()

    def memory(self, copy: Path) -> Memory:
        """What to remember once ``copy`` has the same files."""
        there = {**self.copied, **{name: Stamp.of(copy / name) for name in self.new}}
        both = ((name, stamp, there[name]) for name, stamp in self.files.items())
        return Memory({name: Pair(stamp, kept) for name, stamp, kept in both if kept})


def compare(folder: Path, copy: Path | None, memory: Memory) -> Comparison:
    """Hold the files in a folder against those in its copy; read those that may have changed.

    Raises OSError.
    """
    files = scan(folder)
    if copy is None:
        return Comparison(files, {}, files.keys())
    copied = scan(copy)

    def same(name: str) -> bool:
        if name not in copied:
            return False
        known = memory.pairs.get(name)
        if known and known.still(files[name], copied[name]):
            return True
        return files[name].size == copied[name].size and _same_bytes(folder / name, copy / name)

    return Comparison(files, copied, {name for name in files if not same(name)})


def _same_bytes(one: Path, other: Path) -> bool:
    with one.open("rb") as first, other.open("rb") as second:
        while block := first.read(_BLOCK):
            if block != second.read(_BLOCK):
                return False
        return not second.read(1)


def _place(stamp: Stamp) -> tuple[int, int, int]:
    return stamp.size, stamp.modified, stamp.inode


def _row(stamp: Stamp) -> list[int]:
    return [stamp.size, stamp.modified, stamp.changed, stamp.inode]


def _pair(row: Any) -> Pair:  # noqa: ANN401  # whatever the file says
    return Pair(Stamp(*row[:4]), Stamp(*row[4:]))
