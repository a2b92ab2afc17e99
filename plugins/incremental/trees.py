"""Folders full of files, some of which share their bytes with files in other folders.

A file that is shared is never written to. It is replaced by another, and whoever else has it
keeps it as it was. That no program overlooks this, what is put here cannot be written to.
"""

import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from incremental.stamps import Stamp

_FOR_WRITING: Final = 0o222
# Above so many, one wait for the whole disk is shorter than one for each file.
_MANY: Final = 256


@dataclass(frozen=True, slots=True)
class Part:
    """A file to be put somewhere: a copy of ``source``, or, if ``shared``, that very file."""

    source: Path
    shared: bool

    def make(self, target: Path) -> None:
        """Make it, where nothing is yet. Raises OSError."""
        if not (self.shared and _linked(self.source, target)):
            _copy(self.source, target)
        _protect(target)


def scan(top: Path) -> Mapping[str, Stamp]:
    """The files below a folder, by their names with slashes; none if it is not there.

    A link to a file counts as that file. Raises OSError.
    """
    if not top.exists():
        return {}
    return {name: _stamp(each) for name, each in _below(top)}


def change(top: Path, parts: Mapping[str, Part], gone: Collection[str], workshop: Path) -> None:
    """Put files into a folder and take others out of it; when that is done, it is on the disk.

    All are made in the folder ``workshop`` first, on the same disk, and are whole when they
    get their names. Pages come last: what they point to is there then. Raises OSError where
    something is in the way that is not among those ``gone``.
    """
    clear(workshop)
    workshop.mkdir(parents=True)
    try:
        _move_in(top, _make(parts, workshop), gone)
    except OSError:
        shutil.rmtree(workshop, ignore_errors=True)  # the disk may be full
        os.sync()
        raise
    settle({top, *(top / folder for name in (*parts, *gone) for folder in _folders(name))})
    workshop.rmdir()


def clear(workshop: Path) -> None:
    """Remove what somebody has left there who was killed while changing a folder."""
    if workshop.exists():
        os.sync()  # what they did may not be on the disk
        shutil.rmtree(workshop)


def _make(parts: Mapping[str, Part], workshop: Path) -> Mapping[str, Path]:
    names = sorted(parts, key=lambda name: (name.endswith(".html"), name))
    made = {name: workshop / str(number) for number, name in enumerate(names)}
    for name, path in made.items():
        parts[name].make(path)
    settle(made.values())
    return made


def _move_in(top: Path, made: Mapping[str, Path], gone: Collection[str]) -> None:
    blocking = set(_blocking(gone, made))
    for name in blocking:
        _remove(top, name)
    for name, path in made.items():
        _install(path, top / name)
    for name in gone:
        if name not in blocking:
            _remove(top, name)


def settle(paths: Collection[Path]) -> None:
    """Wait until files and folders are on the disk; those that are gone are left out."""
    if len(paths) > _MANY:
        os.sync()
        return
    for path in paths:
        if path.exists():
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _below(top: Path) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    left = [""]
    while left:
        folder = left.pop()
        with os.scandir(f"{top}/{folder}") as entries:
            for each in entries:
                name = folder + each.name
                if each.is_dir(follow_symlinks=False):
                    left.append(f"{name}/")
                else:
                    yield name, each


def _stamp(entry: "os.DirEntry[str]") -> Stamp:
    try:
        found = entry.stat()
    except FileNotFoundError:  # a link that leads nowhere
        found = entry.stat(follow_symlinks=False)
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _linked(source: Path, target: Path) -> bool:
    try:
        target.hardlink_to(source)
    except OSError:  # there are file systems without such links, or with few
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy bytes and date. Never into a file that is there: it might be shared."""
    with source.open("rb") as old, target.open("xb") as new:
        shutil.copyfileobj(old, new)
    date = source.stat().st_mtime_ns
    os.utime(target, ns=(date, date))


def _protect(path: Path) -> None:
    mode = path.stat().st_mode
    if mode & _FOR_WRITING:
        path.chmod(mode & ~_FOR_WRITING)


def _blocking(gone: Iterable[str], new: Mapping[str, Path]) -> Iterator[str]:
    """Those that must go first: a page may turn into a folder, or back."""
    folders = {folder for name in new for folder in _folders(name)}
    for name in gone:
        if name in folders or any(folder in new for folder in _folders(name)):
            yield name


def _folders(name: str) -> Iterator[str]:
    """The folders that a file lies in, the innermost first: a/b and a of a/b/c."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _install(made: Path, target: Path) -> None:
    try:
        made.replace(target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True)
        made.replace(target)
    except IsADirectoryError:
        # Who was killed while removing has left empty folders; any other one is not removed.
        for folder, _, _ in os.walk(target, topdown=False):
            Path(folder).rmdir()
        made.replace(target)


def _remove(top: Path, name: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    (top / name).unlink(missing_ok=True)
    for folder in _folders(name):
        try:
            (top / folder).rmdir()
        except OSError:
            return
