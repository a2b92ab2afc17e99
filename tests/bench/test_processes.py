"""The stopwatch: it sees all of what a command has started, and ends what it has to."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bench.processes import Failed, held, run, running
from tests.site import ROOT

MB = 1_000_000


@contextmanager
def script(text: str, lines: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A script that waits to be read from, after it has printed so many lines."""
    command = [sys.executable, "-c", text]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  # our own words
    with process:
        assert process.stdout
        for _ in range(lines):
            assert process.stdout.readline() == b"there\n"
        yield process
        assert process.stdin
        process.stdin.close()


def test_the_largest_moment_of_a_short_command_is_seen(tmp_path: Path) -> None:
    measure = (
        "import pathlib, sys; from bench.processes import run\n"
        f"done = run([sys.executable, '-c', \"b'x' * {150 * MB}\"], pathlib.Path(sys.argv[1]))\n"
        f"assert {150 * MB} < done.memory < {250 * MB}, done\n"
        "assert done.cores > 0"
    )
    # The one who measures is as small as where this is used: this process may be anything.
    subprocess.run([sys.executable, "-c", measure, tmp_path], cwd=ROOT, check=True)  # noqa: S603  # our own words


def test_descendants_count() -> None:
    child = f"import os; x = b'x' * {60 * MB}; os.write(1, b'there\\n'); input()"
    parent = f"import subprocess, sys; {child.removesuffix('; input()')}\n"
    with script(f"{parent}subprocess.run([sys.executable, '-c', {child!r}])", 2) as process:
        assert 120 * MB < held(process.pid) < 180 * MB


def test_what_descendants_share_counts_once() -> None:
    text = f"x = b'x' * {100 * MB}; os.fork(); os.write(1, b'there\\n'); sys.stdin.read()"
    with script(f"import os, sys; {text}", 2) as process:
        assert 100 * MB < held(process.pid) < 150 * MB


def test_a_process_that_is_gone_has_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert held(process.pid) == 0


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no such luck"):
        run([sys.executable, "-c", "raise SystemExit('no such luck')"], tmp_path)


def test_a_command_that_stays_is_ended_with_its_descendants(tmp_path: Path) -> None:
    text = (
        "import os, pathlib, signal\n"
        "if child := os.fork(): pathlib.Path('made').write_text(str(child))\n"
        "signal.pause()"
    )
    with running([sys.executable, "-c", text], tmp_path) as server:
        while not (tmp_path / "made").is_file() or not (tmp_path / "made").read_text():
            assert server.alive()
    assert not server.alive()
    state = Path(f"/proc/{(tmp_path / 'made').read_text()}/stat")
    # On a busy machine it dies a little later, and whoever inherits it buries it later still.
    until = time.monotonic() + 30
    with suppress(OSError):
        while state.read_text().rpartition(")")[2].split()[0] not in "XZ":
            assert time.monotonic() < until


def test_the_work_of_a_command_that_stays_is_counted(tmp_path: Path) -> None:
    with running([sys.executable, "-c", "while True: pass"], tmp_path) as server:
        before = server.worked()
        while server.worked() < before + 0.05:
            assert server.alive()
