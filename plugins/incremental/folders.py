"""Folders of small files that are read only where one has changed.

What was made of each file is kept beside its stamp, so that a look at all of them costs hardly
more than asking the file system how they are.
"""

import marshal
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from incremental.holdings import Holding, Holdings, Kept, OnDisk, Passing, Short

# A file may change again within a tick of the file system's clock, and its stamp stay the same.
# The tick is some milliseconds long, or two seconds where dates are whole seconds.
_TICK: Final = 100_000_000
_SECOND: Final = 1_000_000_000
# The place after the stamp.
_SURE: Final = 4

# A file's name and stamp: size, modified, changed, inode.
_File = tuple[str, int, int, int, int]
# What is in a folder: the names of folders, the files, and the names of those that are links.
_Found = tuple[list[str], list[_File], set[str]]


# Does many things, and returns what comes of them in their order.
Spread = Callable[[Sequence[Callable[[], Holding]]], Iterable[Holding]]


def in_turn(tasks: Sequence[Callable[[], Holding]]) -> Iterable[Holding]:
    """Do one thing after the other, here."""
    return (task() for task in tasks)


class Reader(Protocol):
    """Who can read the files. Names are those of the file system, folders' with slashes."""

    @property
    def version(self) -> bytes:
        """Bytes that are others if the same file might be read in another way."""

    def read(self, folder: str, name: str) -> tuple[object, bool]:
        """Return, as JSON, what is in a file, and whether its bytes alone tell that."""

    def sum_up(self, folder: str, files: Mapping[str, Any]) -> str:
        """Return in short what a folder holds: told from what is in its files, by name."""


class Folders:
    """What is in the folders below ``root``, by a reader's word.

    Names that begin with a dot are passed over, and links to folders are not followed.
    ``memory`` is the file to keep it in; without one it is kept as long as this object is.
    ``spread`` may have several processes read.
    """

    def __init__(
        self, root: Path, reader: Reader, memory: Path | None, spread: Spread = in_turn
    ) -> None:
        self._root = os.fspath(root)
        self._reader = reader
        self._spread = spread
        self._holdings: Holdings = OnDisk(memory, reader.version) if memory else Passing()

    def look(self) -> Mapping[str, str]:
        """Return the summary of each folder that has files, by its name below the root."""
        known = self._holdings.shorts()
        found: dict[str, str] = {}
        changed: list[str] = []
        for name, files in _walk(self._root):
            short = known.get(name)
            if not short or short.listing != _listing(files):
                changed.append(name)
            found[name] = short.summary if short else ""
        read = [*self._spread([partial(self._read, name) for name in changed])]
        found.update((each.name, each.short.summary) for each in read)
        self._holdings.change(read, known.keys() - found.keys())
        return found

    def look_at(self, name: str) -> str | None:
        """Return the summary of one folder; None if it has no files. No other is looked at."""
        short = self._holdings.short(name)
        files = _scan(self._place(name))[1]
        if short and short.listing == _listing(files):
            return short.summary
        if not files:
            self._holdings.change([], [name])
            return None
        read = self._read(name)
        self._holdings.change([read], [])
        return read.short.summary

    def known(self, name: str) -> str | None:
        """The summary of one folder as of the last look at it; None if it had no files."""
        short = self._holdings.short(name)
        return short.summary if short else None

    def files(self, name: str) -> Mapping[str, Any]:
        """What is in the files of a folder, by name, as of the last look at it."""
        return {each: kept[-1] for each, kept in self._holdings.files(name).items()}

    def _place(self, name: str) -> str:
        return os.path.join(self._root, name) if name else self._root  # noqa: PTH118  # for scandir

    def _read(self, name: str) -> Holding:
        before = self._holdings.files(name)
        # Taken before the files are looked at: whatever changes from now on is younger.
        moment = time.time_ns()
        _, files, links = _scan(self._place(name))
        kept: dict[str, Kept] = {}
        for each, *stamp in files:
            known = before.get(each)
            if not (known and known[_SURE] and known[:_SURE] == stamp):
                value, told_by_bytes = self._reader.read(name, each)
                sure = told_by_bytes and each not in links and _tells(stamp, moment)
                known = [*stamp, sure, value]
            kept[each] = known
        summary = self._reader.sum_up(name, {each: of[-1] for each, of in kept.items()})
        sure = all(of[_SURE] for of in kept.values())
        return Holding(name, Short(_listing(files) if sure else None, summary), kept)


def _tells(stamp: list[int], moment: int) -> bool:
    """Whether a file that had this stamp at a moment has another when it is changed again."""
    changed = stamp[2]
    return changed < moment - (_TICK if changed % _SECOND else 2 * _SECOND)


def _walk(root: str) -> Iterator[tuple[str, list[_File]]]:
    """Yield each folder that has files, by its name below the root, and the files."""
    waiting = [("", root)]
    while waiting:
        name, path = waiting.pop()
        folders, files, _ = _scan(path)
        below = f"{name}/" if name else ""
        waiting += [(below + each, f"{path}/{each}") for each in folders]
        if files:
            yield name, files


def _scan(path: str) -> _Found:
    """What is in a folder, files by name; nothing where there is none."""
    folders: list[str] = []
    files: list[_File] = []
    links: set[str] = set()
    try:
        with os.scandir(path) as found:
            for each in found:
                name = each.name
                if name[0] == ".":
                    continue
                if each.is_dir(follow_symlinks=False):
                    folders.append(name)
                    continue
                if each.is_symlink():
                    if each.is_dir():
                        continue
                    links.add(name)
                try:
                    s = each.stat(follow_symlinks=False)
                except FileNotFoundError:  # it has just gone
                    continue
                files.append((name, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino))
    except OSError:  # there is none, or nobody may look into it
        return [], [], set()
    files.sort()
    return folders, files, links


def _listing(files: list[_File]) -> bytes:
    """Files with their stamps, as bytes to be compared and nothing else."""
    return marshal.dumps(files, 0)
