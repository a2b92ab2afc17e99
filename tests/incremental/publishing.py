"""A site that is published again and again."""

import shutil
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from incremental.releases import Published, Releases
from incremental.shelf import Shelf

Files = dict[str, str]


class Blog:
    """A site that is published again and again, a minute after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.link = root / "public"
        self.shelf = Shelf.at(self.link)
        self.minutes = count(0)
        self.waited = 0
        self.releases = Releases(self.shelf, self.clock, self.wait)

    def clock(self) -> datetime:
        return datetime(2026, 11, 25, tzinfo=UTC) + timedelta(minutes=next(self.minutes))

    def wait(self) -> None:
        self.waited += 1

    def publish(self, files: Files, keep: int = 5) -> Published:
        return self.releases.publish(lambda folder: write(folder, files), keep)

    def renew(self, files: Files) -> Published:
        return self.releases.renew(lambda folder: write(folder, files))

    def amend(self, files: Files) -> None:
        """Bring the live release up to date by what is different from what was built before."""

        def act(folder: Path) -> Collection[str]:
            before = read(folder)
            write(folder, files)
            names = before.keys() | files.keys()
            return {name for name in names if before.get(name) != files.get(name)}

        self.releases.amend(act)

    @property
    def staging(self) -> Path:
        return self.shelf.folder / ".staging"

    def live(self) -> Files:
        return read(self.link)

    def release(self, number: int) -> Path:
        """The folder of a release, 0 being the oldest and -1 the newest."""
        return self.shelf.folder / self.shelf.names()[number]


def write(folder: Path, files: Files) -> None:
    """Build as Pelican's own writer does: into the files that are there, and each time all."""
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not any(other.startswith(f"{name}/") for other in files):
            shutil.rmtree(path)
        elif path.is_file() and name not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("w") as file:
            file.write(text)


def read(folder: Path) -> Files:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def is_same(one: Path, other: Path) -> bool:
    """Whether two names are those of one file."""
    return one.stat().st_ino == other.stat().st_ino


# Among them a page that turns into a folder, and back.
ONE = {"index.html": "One.", "a/same.html": "Same.", "about": "One.", "old.html": "Old."}
TWO = {"index.html": "Two.", "a/same.html": "Same.", "about/me/index.html": "Two."}
THREE = {"index.html": "Three.", "about/me": "Three."}
