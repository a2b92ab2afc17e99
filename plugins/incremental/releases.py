"""Publishing a site in releases, each of them whole, of which one is live.

Every build goes into one folder, so that it finds there what builds remember. What comes out
is copied into a release. A file with the same bytes as in the release before is that very
file, and the release begins as the oldest one that is not kept any more: it costs what has
changed. Of a publishing that was killed nobody sees anything, and the next one goes on with
what it has left.
"""

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from incremental.agreement import Agreement
from incremental.shelf import Refused, Shelf, name_after
from incremental.snapshots import Comparison, Memory, compare
from incremental.trees import Part, change, clear, scan
from incremental.turns import taking_turns, until_unused

T = TypeVar("T")

Build = Callable[[Path], object]
# Returns the names of all files that are others now, or None if it does not know.
Act = Callable[[Path], Collection[str] | None]


@dataclass(frozen=True, slots=True)
class Published:
    """The release that is live now, how many files it has, and how many of them are new."""

    release: str
    files: int
    new: int


@dataclass(frozen=True, slots=True)
class Releases:
    """Makes the releases on a shelf. ``waiting`` is called if somebody else is long about it."""

    shelf: Shelf
    clock: Callable[[], datetime]
    waiting: Callable[[], object] | None = None

    def publish(self, build: Build, keep: int) -> Published:
        """Build, make a release of it and put it live; of all releases keep the newest.

        ``keep`` says how many, at least 1. ``build`` gets the folder to build into, and raises
        if it fails: nothing has changed then. A program that it starts is to be ``using`` that
        folder. Where no file is different from the newest release, that one is put live.
        Raises Refused and OSError.
        """
        with self._turn():
            return self._publish(build, keep)

    def renew(self, build: Build) -> Published:
        """Build, and bring the live release up to date file by file instead of making another.

        The others stay as they are. After a rollback this is refused: what was taken back
        would return unasked. Where no release is live yet, one is made. Raises OSError, too.
        """
        with self._turn():
            if self.shelf.live() is None:
                return self._publish(build, keep=len(self.shelf.names()) + 1)
            name = self._renewable()
            self._work(build)
            return self._renew(name)

    def amend(self, act: Act) -> None:
        """Change some of what was built, and bring the live release up to date as ``renew`` does.

        Where ``act`` knows what it has changed, and all before that is in the release already,
        it makes no difference how many other files there are. Raises Refused and OSError.
        """
        with self._turn():
            if self.shelf.live() is None:
                self._publish(act, keep=len(self.shelf.names()) + 1)
                return
            name = self._renewable()
            is_same = self._agreed.read(name)
            names = self._work(act)
            if names is not None and is_same and self._replace(name, names):
                self._agreed.write(name)
            else:
                self._renew(name)

    def roll_back(self, name: str | None = None) -> tuple[str | None, str]:
        """Put a release live again: the one before the live one, if none is named.

        Returns the one that was live, and the one that is. Raises Refused and OSError.
        """
        if not self.shelf.names():
            raise Refused(f"{self.shelf.link} has no releases yet")
        with self._turn():
            was = self.shelf.live()
            target = name or self.shelf.before(was)
            if target not in self.shelf.names():
                there = ", ".join(self.shelf.names())
                raise Refused(f"{target} is no release that is kept; there are {there}")
            self.shelf.put_live(target)
        return was, target

    @property
    def _staging(self) -> Path:
        return self.shelf.folder / ".staging"

    @property
    def _next(self) -> Path:
        """What the next release is made from: an old one, or what a killed process has left."""
        return self.shelf.folder / ".next"

    @property
    def _workshop(self) -> Path:
        return self.shelf.folder / ".parts"

    @property
    def _memory(self) -> Path:
        return self.shelf.folder / ".memory.json"

    @property
    def _agreed(self) -> Agreement:
        return Agreement(self.shelf.folder / ".agreed")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self.shelf.check()
        with taking_turns(self.shelf.folder / ".lock", self.waiting):
            # All that is made there is made in a turn: what is there was left by one killed.
            clear(self._workshop)
            yield

    def _publish(self, build: Build, keep: int) -> Published:
        newest = self.shelf.newest()
        self._work(build)
        made = self._compared(newest)
        name = newest if newest and not (made.new or made.gone) else self._make(made, newest)
        self.shelf.put_live(name)
        self._remember(made, name)
        self._prune(keep)
        return Published(name, len(made.files), len(made.new))

    def _renewable(self) -> str:
        newest = self.shelf.newest()
        if newest and self.shelf.announced() == newest:
            # It is whole, and who made it or went back to it was killed right before the end.
            self.shelf.put_live(newest)
        live = self.shelf.live()
        if newest is None or live != newest:
            raise Refused(
                f"{live} was put live again and {newest} is newer; publish a new one first"
            )
        return newest

    def _work(self, act: Callable[[Path], T]) -> T:
        """Have what was built changed. Whoever is killed leaves no release in agreement with it."""
        self._staging.mkdir(exist_ok=True)
        # Whoever was killed may have begun a build that goes on.
        until_unused(self._staging, self.waiting)
        self._agreed.remove()
        return act(self._staging)

    def _renew(self, name: str) -> Published:
        ours = Memory.read(self._memory).pairs.keys()
        made = self._compared(name)
        # What somebody else has put there stays.
        self._change(name, made.new, made.gone & ours)
        self._remember(made, name)
        return Published(name, len(made.files), len(made.new))

    def _replace(self, name: str, names: Collection[str]) -> bool:
        """Bring these files up to date, unless there are new ones, which are to be remembered."""
        new = {each for each in names if (self._staging / each).is_file()}
        if not all((self.shelf.folder / name / each).is_file() for each in new):
            return False
        self._change(name, new, {*names} - new)
        return True

    def _change(self, name: str, new: Collection[str], gone: Collection[str]) -> None:
        parts = {each: Part(self._staging / each, shared=False) for each in new}
        change(self.shelf.folder / name, parts, gone, self._workshop)

    def _compared(self, newest: str | None) -> Comparison:
        """See in what that which was built differs from a release."""
        copy = self.shelf.folder / newest if newest else None
        memory = Memory.read(self._memory)
        made = compare(self._staging, copy, memory)
        if not made.files:
            raise Refused("the build has made no files")
        if new := made.files.keys() - memory.pairs.keys():
            # Before they are anywhere: who is killed has made them all the same.
            memory.expecting(new).write(self._memory)
        return made

    def _make(self, made: Comparison, newest: str | None) -> str:
        """Make a release of what was built; return its name."""
        there, staging, before = scan(self._next), self._staging, self.shelf.folder / str(newest)
        parts = {name: Part(staging / name, shared=False) for name in made.new}
        for name in made.files.keys() - made.new:
            if name not in there or there[name].inode != made.copied[name].inode:
                parts[name] = Part(before / name, shared=True)
        change(self._next, parts, there.keys() - made.files.keys(), self._workshop)
        name = name_after(newest, self.clock())
        self.shelf.announce(name)
        self._next.rename(self.shelf.folder / name)
        return name

    def _remember(self, made: Comparison, name: str) -> None:
        made.memory(self.shelf.folder / name).write(self._memory)
        self._agreed.write(name)

    def _prune(self, keep: int) -> None:
        """Turn the newest of those that need not be kept into the beginnings of the next one."""
        for name in self.shelf.names()[:-keep]:  # the newest is live by now
            shutil.rmtree(self._next, ignore_errors=True)
            (self.shelf.folder / name).rename(self._next)
        if keep == 1:  # whoever asks for that wants nothing old to be left
            shutil.rmtree(self._next, ignore_errors=True)
