"""The output folder during one build: every file whole, none touched without need, no orphans.

Each file is written beside its place and renamed into it, so that whoever reads meanwhile sees
the old or the new one. What earlier builds have made and this one has not is removed at its end;
what somebody else has put there stays.
"""

import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final, Self

from incremental.stamps import Stamp
from incremental.state import Made, State

_TEMPORARY: Final = ".making-"


class Outputs:
    """The files below ``folder`` in one build, which remembers in ``state`` what it makes."""

    def __init__(self, folder: Path, state: State) -> None:
        self.folder = folder
        self._state = state
        self._known = state.files()
        self._made: dict[str, bytes] = {}
        unfinished = state.intended()
        # Also what a killed build may have made, whether we make it again or not.
        self._ours = {*self._known, *unfinished}
        if unfinished:
            self._sweep()

    @contextmanager
    def building(self) -> Iterator[Self]:
        """The time of the build: at its end what it has made is remembered, and orphans go.

        A build that breaks off removes nothing.
        """
        try:
            yield self
        except BaseException:
            self._finish(gone=set())
            raise
        self._finish(gone=self._ours - self._made.keys())

    def put(self, name: str, data: bytes) -> None:
        """Give a file these bytes. Raises OSError where something not ours is in the way."""
        digest = hashlib.blake2b(data, digest_size=16).digest()
        path = self.folder / name
        if not (
            self._is_as_left(name, digest)
            or (_size(path) == len(data) and path.read_bytes() == data)
        ):
            with self._replacing(name) as temporary:
                temporary.write_bytes(data)
        self._made[name] = digest

    def copy(self, name: str, source: Path) -> None:
        """Give a file the bytes of another. Raises OSError as ``put`` does."""
        digest = _digest(source)
        path = self.folder / name
        if not (
            self._is_as_left(name, digest)
            or (_size(path) == source.stat().st_size and _digest(path) == digest)
        ):
            with self._replacing(name) as temporary:
                shutil.copyfile(source, temporary)
        self._made[name] = digest

    def adopt(self, name: str) -> None:
        """Take a file for ours that somebody has put in place on our behalf."""
        self._made[name] = b""

    def clear(self, since: int, retained: Collection[str]) -> None:
        """Remove what is older than the moment ``since`` and none of ours.

        ``since`` is in nanoseconds since 1970; names at the top that are ``retained`` stay.
        """
        for folder, _, names in os.walk(self.folder):
            for each in names:
                path = Path(folder, each)
                name = path.relative_to(self.folder).as_posix()
                stamp = Stamp.of(path)
                if name in self._made or PurePosixPath(name).parts[0] in retained:
                    continue
                if stamp and stamp.changed < since:
                    self._remove(name)

    def _finish(self, gone: Collection[str]) -> None:
        for name in gone:
            self._remove(name)
        stamps = {name: Stamp.of(self.folder / name) for name in self._made}
        made = {name: Made(self._made[name], stamp) for name, stamp in stamps.items() if stamp}
        self._state.finish(made, gone)

    def _is_as_left(self, name: str, digest: bytes) -> bool:
        """Whether a file is as an earlier build has left it, and that with these bytes."""
        known = self._known.get(name)
        return bool(
            known and known.digest == digest and known.stamp == Stamp.of(self.folder / name)
        )

    @contextmanager
    def _replacing(self, name: str) -> Iterator[Path]:
        """A file to write to, which then takes the place of the one of this name."""
        if name not in self._ours:
            self._state.intend(name)
        path = self.folder / name
        self._make_way(name)
        temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}")
        try:
            yield temporary
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def _make_way(self, name: str) -> None:
        """Have a folder for a file: a page of ours may have turned into a folder, or back."""
        path = self.folder / name
        if path.is_dir():
            for other in self._ours - self._made.keys():
                if other.startswith(f"{name}/"):
                    self._remove(other)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            for parent in map(str, PurePosixPath(name).parents):
                if parent in self._ours - self._made.keys():
                    self._remove(parent)
            path.parent.mkdir(parents=True, exist_ok=True)

    def _remove(self, name: str) -> None:
        """Remove a file, if it is there, and the folders that it leaves empty."""
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            (self.folder / name).unlink()
        for parent in PurePosixPath(name).parents[:-1]:
            try:
                (self.folder / parent).rmdir()
            except OSError:
                return

    def _sweep(self) -> None:
        """Remove what a killed build was writing when it was killed."""
        for path in self.folder.rglob(f"{_TEMPORARY}*"):
            path.unlink(missing_ok=True)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()


def _size(path: Path) -> int:
    """A file's size in bytes; -1 where there is no plain file."""
    return path.stat().st_size if path.is_file() and not path.is_symlink() else -1
