"""Noticing that something has changed of what a site is made from."""

import asyncio
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

import watchfiles

# A change is told when nothing else has changed for one step; milliseconds.
_STEP: Final = 10
_LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Places:
    """Folders with all that is in them, and single files, each with its inode while it is there.

    A folder that has been replaced by another of its name has to be watched anew.
    """

    folders: frozenset[tuple[Path, int]]
    files: frozenset[Path]

    @classmethod
    def of(cls, folders: Iterable[Path], files: Iterable[Path]) -> Self:
        """Return them without what lies in one of the others."""
        every = {path.resolve() for path in folders if path.is_dir()}
        tops = {path for path in every if not _is_below(path, every)}
        single = {path.parent.resolve() / path.name for path in files}
        return cls(
            frozenset((path, path.stat().st_ino) for path in tops),
            frozenset(path for path in single if not _is_below(path, tops)),
        )

    @property
    def names(self) -> frozenset[Path]:
        """The folders and the files, by name alone."""
        return self.files | {path for path, _ in self.folders}

    @property
    def around(self) -> frozenset[Path]:
        """The folders in which all of these stand."""
        return frozenset(path.parent for path in self.names if path.parent.is_dir())


class Watch:
    """Notices changes in places. Whatever happens below the folder ``private`` is none."""

    def __init__(self, private: Path) -> None:
        self._private = private.resolve()
        self._places = Places(frozenset(), frozenset())
        self._tasks: list[asyncio.Task[None]] = []
        self._changed: set[Path] = set()
        self._noticed = asyncio.Event()

    async def over(
        self, folders: Iterable[Path], files: Iterable[Path], since: datetime | None = None
    ) -> bool:
        """Watch these places from now on. Raises OSError where the system denies us so much.

        Returns whether some may have changed after ``since`` that were not watched before.
        """
        places = Places.of(folders, files)
        if places == self._places:
            return False
        known, self._places = self._places, places
        before, self._tasks = (
            self._tasks,
            [
                asyncio.create_task(
                    self._follow([path for path, _ in places.folders], recursive=True)
                ),
                asyncio.create_task(self._follow(places.around, recursive=False)),
            ],
        )
        # Both watch once they have done their first step, which is now.
        await asyncio.sleep(0)
        await _cancelled(before)
        if not places.folders <= known.folders:
            return True
        return any(_may_be_newer(path, since) for path in places.files - known.files)

    async def change(self) -> frozenset[Path]:
        """Wait for changes, unless there were some since this was last called; return the paths.

        Raises what has ended the watching.
        """
        noticed = asyncio.create_task(self._noticed.wait())
        try:
            done, _ = await asyncio.wait(
                [noticed, *self._tasks], return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
        finally:
            noticed.cancel()
        self._noticed.clear()
        changed, self._changed = frozenset(self._changed), set()
        return changed

    async def end(self) -> None:
        """Watch no more."""
        tasks, self._tasks = self._tasks, []
        await _cancelled(tasks)

    async def _follow(self, paths: Collection[Path], *, recursive: bool) -> None:
        usual = watchfiles.DefaultFilter()

        def wanted(change: watchfiles.Change, name: str) -> bool:
            path = Path(name)
            if path.is_relative_to(self._private) or not usual(change, name):
                return False
            return recursive or path in self._places.names

        async for changes in watchfiles.awatch(
            *paths, watch_filter=wanted, step=_STEP, debounce=_LONGEST, recursive=recursive
        ):
            self._changed.update(Path(name) for _, name in changes)
            self._noticed.set()


def _may_be_newer(path: Path, moment: datetime | None) -> bool:
    """Whether a file may have become what it is, or have gone, after a moment."""
    there = path if path.exists() else path.parent
    # Files are dated by a clock that may be a little behind.
    return not moment or there.stat().st_ctime > moment.timestamp() - 1


async def _cancelled(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _is_below(path: Path, folders: AbstractSet[Path]) -> bool:
    return not folders.isdisjoint(path.parents)
