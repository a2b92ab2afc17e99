"""A publishing that is interrupted anywhere, or loses its power, leaves a whole site live."""

import errno
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Disk
from tests.incremental.publishing import Files, read
from tests.scripts import PATIENCE, PLUGINS

pytestmark = pytest.mark.faults

MOST_CALLS = 30  # more of one kind than a publishing makes
SAME = {f"{name}/index.html": "Same." for name in "abc"}
ONE = {"index.html": "One.", "gone/index.html": "One.", **SAME}
TWO = {"index.html": "Two.", "gone/index.html": "Two.", **SAME}
THREE = {"index.html": "Three.", "new/index.html": "Three.", **SAME}
_PUBLISH = """
import json, os, shutil, sys
from datetime import UTC, datetime
from pathlib import Path
from incremental.releases import Releases
from incremental.shelf import Shelf

def build(folder):
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

def sync():
    # The failing disk knows of single files and folders only.
    for path in [folder, *folder.rglob("*")]:
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)

folder, os.sync = Path(sys.argv[1]).parent, sync
releases = Releases(Shelf.at(Path(sys.argv[1])), lambda: datetime(2026, 11, 25, tzinfo=UTC))
for files in json.loads(sys.argv[2]):
    releases.publish(build, 2)
"""


def publish(disk: Disk, root: Path, *sites: Files, **fault: object) -> int:
    """Publish one site after the other in a process of its own; return its exit status."""
    site, shadow = root / "site", root / "shadow"
    for folder in (site, shadow):
        folder.mkdir(parents=True, exist_ok=True)
    environment = disk.environment(site, shadow=shadow, **fault)
    run = subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-c", _PUBLISH, str(site / "public"), json.dumps(sites)],
        env={**environment, "PYTHONPATH": str(PLUGINS)},
        stderr=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=False,
    )
    return run.returncode


def certain(folder: Path, shadow: Path) -> Files:
    """What is on the disk for certain of a folder: what it was told to keep, and nothing else."""
    found: Files = {}
    listing = shadow / f"{folder.stat().st_ino}.names"
    names = listing.read_text() if listing.exists() else ""
    for path in folder.iterdir():
        if path.is_symlink() or f"{path.stat().st_ino} {path.name}\n" not in names:
            continue
        if path.is_dir():
            below = certain(path, shadow)
            found |= {f"{path.name}/{name}": text for name, text in below.items()}
        elif (kept := shadow / str(path.stat().st_ino)).exists():
            found[path.name] = kept.read_text()
    return found


def safe(root: Path) -> Files:
    """What is on the disk for certain of the site that is live."""
    release = f"{(root / 'site/public').readlink()}/"
    everything = certain(root / "site", root / "shadow").items()
    return {name.removeprefix(release): text for name, text in everything if release in name}


def interrupted(disk: Disk, tmp_path: Path, calls: str, do: object) -> Iterator[tuple[Path, int]]:
    """Publish a third site, each time a call further before the fault; yield what is left."""
    for at in range(1, MOST_CALLS + 1):
        root = tmp_path / f"{at}"
        assert publish(disk, root, ONE, TWO) == 0
        status = publish(disk, root, THREE, calls=calls, at=at, do=do)
        yield root, status
        shutil.rmtree(root)
        if status == 0 and do == "kill":
            return
    assert status == 0


@pytest.mark.parametrize("calls", ["sync", "name"])
def test_a_power_loss_at_any_call_leaves_a_whole_site(
    disk: Disk, tmp_path: Path, calls: str
) -> None:
    statuses = []
    for root, status in interrupted(disk, tmp_path, calls, "kill"):
        statuses.append(status)
        assert status in {0, -signal.SIGKILL}
        assert read(root / "site/public") in (TWO, THREE)
        assert safe(root) == read(root / "site/public")
        # The next one goes on with what is there, and that must be safe as well.
        assert publish(disk, root, THREE) == 0
        assert safe(root) == read(root / "site/public") == THREE
        site = root / "site"
        names = (root / "shadow" / f"{site.stat().st_ino}.names").read_text()
        assert f"{(site / 'public').lstat().st_ino} public\n" in names
    assert len(statuses) > 5


@pytest.mark.parametrize(
    ("calls", "fault"), [("write", errno.ENOSPC), ("name", errno.ENOSPC), ("sync", errno.EIO)]
)
def test_a_disk_that_fails_at_any_call_changes_nothing_that_is_live(
    disk: Disk, tmp_path: Path, calls: str, fault: int
) -> None:
    statuses = []
    for root, status in interrupted(disk, tmp_path, calls, fault):
        statuses.append(status)
        live = read(root / "site/public")
        assert live == THREE if status == 0 else live in (TWO, THREE)
        assert publish(disk, root, ONE) == 0
        assert read(root / "site/public") == ONE
        assert not (root / "site/public.releases/.parts").exists()
        assert {path.name for path in (root / "site").iterdir()} == {"public", "public.releases"}
    assert set(statuses) == {0, 1}
