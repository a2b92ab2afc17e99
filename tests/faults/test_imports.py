"""Imports that are killed again and again come to the same; those of large files take little."""

import errno
import json
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from afterword.store import Query
from afterword.store.opening import look_into
from afterword.submission import Submission
from tests.afterword.importers.wxr.crowds import check_arrival, crowd
from tests.faults.conftest import ROUNDS, Disk
from tests.faults.worker import now
from tests.service import OPEN
from tests.site import Site

pytestmark = pytest.mark.faults

MOST_CALLS = 900  # of one kind, about as many as a whole import of this size makes
# What is said of a full disk: by the system, and by SQLite of one that is full as it syncs.
FULL = ("No space left on device", "database or disk is full", "disk I/O error")
# What a large import may have, in bytes: less than the file that it reads is worth.
MOST_MEMORY = 200_000_000
# Started from here, so that what it inherits from its parent is small.
_MEASURED = """
import resource, subprocess, sys
run = subprocess.run([sys.executable, "-m", "afterword", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, file=sys.stderr)
sys.exit(run.returncode)
"""


@dataclass(frozen=True)
class Outcome:
    """All that an import leaves, but for when it did it, and whose turn it was."""

    files: dict[str, bytes]
    rows: dict[str, Submission]
    history: dict[str, list[str]]
    changes: int


def outcome(root: Path) -> Outcome:
    with closing(sqlite3.connect(root / "var/queue.sqlite3")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with closing(look_into("", root / "var", now)) as store:
        rows = {row.id: row for row in store.find(Query(limit=1_000_000)).submissions}
        history = {name: [str(each.action) for each in store.history(name)] for name in rows}
        changes = store.changes().made
        numbers = [number for number, _ in store.settled_since(0, 1_000_000)]
    assert numbers == list(range(1, changes + 1))
    content = root / "content"
    files = {
        path.relative_to(content).as_posix(): path.read_bytes()
        for path in content.rglob("*")
        if path.is_file()
    }
    return Outcome(files, rows, history, changes)


def blog(root: Path) -> Site:
    root.mkdir()
    site = Site(root)
    site.write({"pelicanconf.py": OPEN, "content/posts/.keep": ""})
    return site


def test_an_import_killed_at_any_moment_goes_on_to_the_same(tmp_path: Path, disk: Disk) -> None:
    choice = random.Random(5)  # noqa: S311  # a test repeats itself
    export = tmp_path / "export.xml"
    told = crowd(export, seed=5, posts=8, comments=640)
    command = [sys.executable, "-m", "afterword", "import", "wordpress", str(export)]

    def run(root: Path, **fault: object) -> int:
        environment = disk.environment(root, **fault)
        done = subprocess.run(  # noqa: S603  # our own command line
            command, cwd=root, env=environment, capture_output=True, check=False
        )
        return done.returncode

    whole = blog(tmp_path / "whole").root
    run(whole)
    check_arrival(whole, told)
    wanted = outcome(whole)
    kills = number = 0
    while kills < ROUNDS:
        number += 1
        root = blog(tmp_path / f"killed-{number}").root
        ended = -signal.SIGKILL
        while ended == -signal.SIGKILL:
            calls = choice.choice(["sync", "write", "name"])
            ended = run(root, calls=calls, at=choice.randint(1, MOST_CALLS), do="kill")
            kills += ended == -signal.SIGKILL
        assert outcome(root) == wanted
    assert kills >= ROUNDS > 0


@pytest.mark.parametrize("calls", ["sync", "write"])
def test_an_import_that_a_full_disk_stops_says_so_and_goes_on(
    tmp_path: Path, disk: Disk, calls: str
) -> None:
    export = tmp_path / "export.xml"
    told = crowd(export, seed=6, posts=4, comments=320)
    command = [sys.executable, "-m", "afterword", "import", "wordpress", str(export)]
    for at in range(1, 150, 150 // (ROUNDS // 4 + 1)):
        root = blog(tmp_path / f"{at}").root
        full = disk.environment(root, calls=calls, at=at, do=errno.ENOSPC, **{"for": 1_000_000})
        for environment in (full, None):
            done = subprocess.run(  # noqa: S603  # our own command line
                command, cwd=root, env=environment, capture_output=True, text=True, check=False
            )
            assert "Traceback" not in done.stderr
            if environment:
                assert done.returncode == 1
                assert any(each in done.stderr for each in FULL)
        check_arrival(root, told)


def test_a_large_export_comes_in_whole_in_little_memory(tmp_path: Path) -> None:
    export = tmp_path / "export.xml"
    told = crowd(export, seed=50, posts=200, comments=50_000, letters=1200)
    assert export.stat().st_size > 100_000_000
    site = blog(tmp_path / "blog")
    command = [sys.executable, "-c", _MEASURED, "import", "wordpress", str(export)]

    def run(*options: str) -> tuple[dict[str, int], int]:
        done = subprocess.run(  # noqa: S603  # our own command line
            [*command, "--json", *options],
            cwd=site.root,
            capture_output=True,
            text=True,
            check=False,
        )
        report = json.loads(done.stdout)
        counted = {"added": sum(report["added"].values()), "skipped": len(report["skipped"])}
        counted |= {name: report[name] for name in ("read", "entries", "already")}
        return counted, int(done.stderr.split()[-1])

    coming = sum(each.status is not None for each in told)
    tried, _ = run("--dry-run")
    assert not (site.root / "var").exists()
    done, memory = run()
    assert done == tried
    assert done == {
        "read": len(told) + 200,
        "added": coming,
        "entries": 200,
        "skipped": len(told) - coming,
        "already": 0,
    }
    assert memory < MOST_MEMORY
    check_arrival(site.root, told)
    again, memory = run()
    assert again == {**done, "added": 0, "entries": 0, "already": coming + 200}
    assert memory < MOST_MEMORY
    check_arrival(site.root, told)
