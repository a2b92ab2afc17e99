"""The output folder during one build: every file whole, none touched without need, no orphans.

Each file is written beside its place and renamed into it, so that whoever reads meanwhile sees
the old or the new one. What earlier builds have made and this one has not is removed at its end;
what somebody else has put there stays.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final, Self

from incremental.packed import Packed
from incremental.stamps import Stamp
from incremental.state import BEGUN, Left, Made, State

TEMPORARY: Final = ".making-"


class Outputs:
    """The files below ``folder`` in one build, which remembers in ``state`` what it makes.

    ``names`` are the only ones to be written, if given: then nobody needs to know of the others.
    """

    def __init__(self, folder: Path, state: State, names: Collection[str] | None = None) -> None:
        self.folder = folder
        self._root = str(folder)
        self._state = state
        self._known = state.files() if names is None else _some(state, names)
        self._made: dict[str, Made] = {}
        self._claimed: set[str] = set()
        self._traces = Packed()
        # All subjects there are, with their digests; to be set once they are known.
        self.subjects: Mapping[str, bytes] | None = None
        # What the build leaves for those who come after it, if anything.
        self.left: Left | None = None
        unfinished = state.intended() if names is None else ()
        # Also what a killed build may have made, whether we make it again or not.
        self._ours = {*self._known, *unfinished} - {BEGUN}
        if unfinished:
            self._sweep()

    @contextmanager
    def building(self) -> Iterator[Self]:
        """The time of the build: at its end what it has made is remembered, and orphans go.

        A build that breaks off removes nothing, and what it has made is made again.
        """
        self._state.begin()
        try:
            yield self
        except BaseException:
            self._state.finish(self._made, (), dict.fromkeys(self._traces), whole=False)
            raise
        gone = self._ours - self._claimed
        for name in gone:
            self.remove(name)
        for name in self._claimed - self._made.keys():
            self._made[name] = self._now(name, b"")
        fresh = {name: made for name, made in self._made.items() if self._known.get(name) != made}
        self._state.finish(fresh, gone, self._traces, self.subjects, self.left)

    def claim(self, names: Iterable[str]) -> None:
        """Say of files, before they are written elsewhere in this build, that they will be."""
        wanted = set(names)
        self._claimed |= wanted
        self._state.intend(wanted - self._ours)

    def keep(self, name: str) -> bool:
        """Take a file as it is, if it is as an earlier build has left it."""
        known, stamp = self._known.get(name), Stamp.of(f"{self._root}/{name}")
        if not known or not stamp:
            return False
        if known.stamp != stamp:
            path = self.folder / name
            if _size(path) != known.stamp.size or digest_of_file(path) != known.digest:
                return False
            known = Made(known.digest, stamp)
        self._claimed.add(name)
        self._made[name] = known
        return True

    def put(self, name: str, data: bytes) -> None:
        """Give a file these bytes. Raises OSError where something not ours is in the way."""
        self.claim([name])
        self.have(name, self.write(name, data))

    def write(self, name: str, data: bytes) -> Made:
        """Give a file that was claimed these bytes, and remember nothing.

        For processes that work for the one which remembers. Raises OSError as ``put`` does.
        """
        digest = hashlib.blake2b(data, digest_size=16).digest()
        path = self.folder / name
        found, known = Stamp.of(path), self._known.get(name)
        if known and known.digest == digest and known.stamp == found:
            return known
        if found and _size(path) == len(data) and path.read_bytes() == data:
            return Made(digest, found)
        self._replace(name, lambda temporary: temporary.write_bytes(data))
        return self._now(name, digest)

    def show(self, name: str, text: str) -> None:
        """Give a file this text, ahead of the next build, which finds that it is not as it was."""
        self._replace(name, lambda temporary: temporary.write_text(text, encoding="utf-8"))

    def have(self, name: str, made: Made, packed: bytes = b"") -> None:
        """Remember a file that was written, and what it was made from: a packed trace."""
        self._made[name] = made
        self._traces.put(name, packed)

    def copy(self, name: str, source: Path) -> None:
        """Give a file the bytes of another. Raises OSError as ``put`` does."""
        self.claim([name])
        digest = digest_of_file(source)
        path = self.folder / name
        if not (
            self._is_as_left(name, digest)
            or (_size(path) == source.stat().st_size and digest_of_file(path) == digest)
        ):
            self._replace(name, lambda temporary: shutil.copyfile(source, temporary))
        self.have(name, self._now(name, digest))

    def adopt(self, name: str) -> None:
        """Take a file for ours that somebody will put in place on our behalf."""
        self.claim([name])

    def _now(self, name: str, digest: bytes) -> Made:
        return Made(digest, Stamp.of(self.folder / name) or Stamp(0, 0, 0, 0))

    def clear(self, since: int, retained: Collection[str]) -> None:
        """Remove what is older than the moment ``since`` and none of ours.

        ``since`` is in nanoseconds since 1970; names at the top that are ``retained`` stay.
        """
        for folder, _, names in os.walk(self.folder):
            for each in names:
                path = Path(folder, each)
                name = path.relative_to(self.folder).as_posix()
                stamp = Stamp.of(path)
                if name in self._claimed or PurePosixPath(name).parts[0] in retained:
                    continue
                if stamp and stamp.changed < since:
                    self.remove(name)

    def _is_as_left(self, name: str, digest: bytes) -> bool:
        """Whether a file is as an earlier build has left it, and that with these bytes."""
        known = self._known.get(name)
        return bool(
            known and known.digest == digest and known.stamp == Stamp.of(self.folder / name)
        )

    def _replace(self, name: str, fill: Callable[[Path], object]) -> None:
        """Fill a file, which then takes the place of the one of this name."""
        path = self.folder / name
        temporary = path.with_name(f"{TEMPORARY}{os.getpid()}")
        try:
            try:
                fill(temporary)
                temporary.replace(path)
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                self._make_way(name)
                fill(temporary)
                temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise

    def _make_way(self, name: str) -> None:
        """Have a folder for a file: a page of ours may have turned into a folder, or back."""
        path = self.folder / name
        if path.is_dir():
            for other in self._ours - self._claimed:
                if other.startswith(f"{name}/"):
                    self.remove(other)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            for parent in map(str, PurePosixPath(name).parents):
                if parent in self._ours - self._claimed:
                    self.remove(parent)
            path.parent.mkdir(parents=True, exist_ok=True)

    def remove(self, name: str) -> None:
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
        for path in self.folder.rglob(f"{TEMPORARY}*"):
            path.unlink(missing_ok=True)


def _some(state: State, names: Collection[str]) -> Mapping[str, Made]:
    return {name: made for name in names if (made := state.file(name))}


def digest_of_file(path: Path) -> bytes:
    """What tells the bytes of a file from others. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()


def _size(path: Path) -> int:
    """A file's size in bytes; -1 where there is no plain file."""
    return path.stat().st_size if path.is_file() and not path.is_symlink() else -1
