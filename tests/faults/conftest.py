"""A disk that fails, and workers to try it on."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site import ROOT

SECTOR = 512
# How often each fault is tried; FAULTS=500 takes longer and finds more.
ROUNDS = int(os.environ.get("FAULTS", "40"))


@dataclass(frozen=True)
class Disk:
    """The library that makes calls fail, to be loaded before the C library."""

    library: Path

    def environment(self, folder: Path, **settings: object) -> dict[str, str]:
        """What a process needs in its environment to meet this fault below a folder."""
        given = {f"DISK_{name.upper()}": str(value) for name, value in settings.items()}
        return {**os.environ, "LD_PRELOAD": str(self.library), "DISK_FOLDER": str(folder), **given}


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Disk:
    """The failing disk, compiled."""
    compiler = shutil.which("cc")
    if not compiler:
        pytest.skip("no C compiler: apt install gcc libc6-dev")
    library = tmp_path_factory.mktemp("disk") / "disk.so"
    source = Path(__file__).parent / "disk.c"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)  # noqa: S603  # our own command line
    return Disk(library)


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Start:
    """A function that starts a worker."""

    def begin(
        *arguments: object, environment: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603  # our own command line
            [sys.executable, "-m", "tests.faults.worker", *map(str, arguments)],
            cwd=ROOT,
            env={**(environment or os.environ), "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


def after_power_loss(folder: Path, shadow: Path, target: Path, choice: random.Random) -> None:
    """Make ``target`` what a disk may hold after the power went.

    Names are those of the last sync of their folder. Of a file there is at least what was
    synced; each sector that was written since may have got there, or not.
    """
    target.mkdir(parents=True)
    for path in folder.iterdir():
        names = shadow / f"{folder.stat().st_ino}.names"
        if path.name.endswith("-shm"):
            continue
        synced = shadow / str(path.stat().st_ino)
        if names.exists() and f" {path.name}\n" not in names.read_text():
            continue
        if path.is_dir():
            after_power_loss(path, shadow, target / path.name, choice)
        elif synced.exists():
            mixed = _mixed(synced.read_bytes(), path.read_bytes(), choice)
            (target / path.name).write_bytes(mixed)


def _mixed(synced: bytes, written: bytes, choice: random.Random) -> bytes:
    length = len(synced) if choice.random() < 0.5 else max(len(synced), len(written))
    sectors = []
    for at in range(0, length, SECTOR):
        old, new = synced[at : at + SECTOR], written[at : at + SECTOR]
        sectors.append(choice.choice((old, new)) or old or bytes(len(new)))
    return b"".join(sectors)
