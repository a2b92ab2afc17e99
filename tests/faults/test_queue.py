"""What was acknowledged is there: after kill -9, a power loss, a failing or a full disk."""

import errno
import random
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from afterword.store import Query
from afterword.store.sqlite import SqliteStore
from tests.faults.conftest import ROUNDS, Disk, Start, after_power_loss
from tests.faults.worker import now

pytestmark = pytest.mark.faults


def lines(sign: str, output: str) -> list[str]:
    """The ids that a worker has printed with this sign; a torn last line counts for nothing."""
    whole = output.rpartition("\n")[0].split("\n")
    return [line[1:] for line in whole if line.startswith(sign)]


def kept(folder: Path) -> list[str]:
    """The ids in a queue, which must be sound."""
    with sqlite3.connect(folder / "queue.sqlite3") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
    with closing(SqliteStore(folder / "queue.sqlite3", now)) as store:
        return [each.id for each in store.find(Query(limit=1_000_000)).submissions]


def run_for(process: "subprocess.Popen[str]", seconds: float) -> str:
    """Let a worker begin, then kill it after a while."""
    assert process.stdout
    first = process.stdout.readline()
    time.sleep(seconds)  # the moment of the blow, not a wait for anything
    process.kill()
    return first + process.communicate()[0]


def test_nothing_acknowledged_is_lost_or_doubled_by_kill_9(tmp_path: Path, start: Start) -> None:
    choice = random.Random(9)  # noqa: S311  # a test repeats itself
    acknowledged: list[str] = []
    for _ in range(ROUNDS):
        worker = start("add", "", tmp_path, 20, 1_000_000)
        acknowledged += lines("+", run_for(worker, choice.uniform(0, 0.15)))
    found = kept(tmp_path)
    assert len(acknowledged) > ROUNDS
    assert set(acknowledged) <= set(found)
    assert len(found) == len(set(found))


def test_nothing_acknowledged_is_lost_when_the_power_goes(
    tmp_path: Path, start: Start, disk: Disk
) -> None:
    choice = random.Random(7)  # noqa: S311  # a test repeats itself
    for number in range(ROUNDS):
        folder, shadow = tmp_path / f"d{number}", tmp_path / f"s{number}"
        folder.mkdir()
        shadow.mkdir()
        unplugged = disk.environment(folder, shadow=shadow)
        worker = start("add", "", folder, 8, 1_000_000, environment=unplugged)
        acknowledged = lines("+", run_for(worker, choice.uniform(0, 0.1)))
        after_power_loss(folder, shadow, tmp_path / f"t{number}", choice)
        assert set(acknowledged) <= set(kept(tmp_path / f"t{number}"))
        for made in (folder, shadow, tmp_path / f"t{number}"):
            shutil.rmtree(made)


@pytest.mark.parametrize("fault", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("call", ["sync", "write"])
def test_a_failing_disk_never_gives_a_false_yes_and_is_got_over(
    tmp_path: Path, start: Start, disk: Disk, call: str, fault: int
) -> None:
    refused = 0
    for at in range(1, ROUNDS + 1, 2):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        with closing(SqliteStore(folder / "queue.sqlite3", now)):
            pass
        failing = disk.environment(folder, calls=call, at=at, do=fault, **{"for": 5})
        worker = start("add", "", folder, 4, 40, environment=failing)
        output, errors = worker.communicate(timeout=60)
        if "StoreError" in errors:  # it failed as it opened, and said so
            refused += 1
            continue
        assert worker.returncode == 0, errors
        acknowledged, said_no = lines("+", output), lines("-", output)
        refused += len(said_no)
        assert len(acknowledged) + len(said_no) == 160
        # When the fault is over, so is the trouble.
        assert acknowledged[-20:] == [line[1:] for line in output.split("\n")[-21:-1]]
        assert set(acknowledged) <= set(kept(folder))
    assert refused
