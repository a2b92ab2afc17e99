"""Commands under a stopwatch: how long each took, and how much memory all of it needed.

Memory is what the command and everything it started have at one moment, each page shared by
several of them counted once (Pss), looked at again and again while they run. Looking costs time
that grows with the memory, so that it is done less often the longer it takes. What falls between
two looks is seen by the kernel at least for the largest single process, and the larger counts. The
kernel also counts what a command inherits before it starts, so that who measures has to be small.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SECONDS_BETWEEN: Final = 0.02
# A look may take this part of the time.
_LOOKING: Final = 0.02
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """How long a command took and how long it kept cores busy, in seconds, and its memory.

    ``memory`` is the most it had at one moment, in bytes.
    """

    seconds: float
    cores: float
    memory: int

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, of a core {self.cores:.2f} s, {self.memory / 1e6:.0f} MB"


class Failed(Exception):
    """A command that is measured has not done what it should have."""


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a command in a folder to its end.

    Raises Failed, with what it printed, if it exits with anything but 0.
    """
    os.sync()  # the last command's writing is not this one's
    with (folder / "bench.log").open("w+") as said:
        start = time.perf_counter()
        process = _start(command, folder, said.fileno())
        with _watched(process.pid) as memory:
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if process.returncode:
            raise Failed(f"{' '.join(command)} in {folder}:\n{said.read()[-4000:]}")
    cores = usage.ru_utime + usage.ru_stime
    return Run(seconds, cores, max(memory.most, usage.ru_maxrss * 1024))


@contextmanager
def asked(command: Sequence[str], folder: Path) -> Iterator[Callable[[str], float]]:
    """Start a command that answers each line by a list in JSON; yield what asks it for seconds.

    These come first in the list. Whatever follows went wrong, and raises Failed.
    """
    with subprocess.Popen(  # noqa: S603  # our own words
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:

        def ask(line: str) -> float:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{line}\n")
            seconds, *wrong = json.loads(process.stdout.readline() or '[0, "no answer"]')
            if wrong:
                raise Failed(f"{' '.join(command)} in {folder}: {wrong}")
            return float(seconds)

        yield ask


@contextmanager
def running(command: Sequence[str], folder: Path) -> Iterator["Resident"]:
    """Run a command that stays, and end it with all it has started."""
    log = folder / "bench.log"
    with log.open("w") as said:
        process = _start(command, folder, said.fileno())
    try:
        with _watched(process.pid) as memory:
            yield Resident(process, memory, log)
    finally:
        _end(process)


def held(pid: int) -> int:
    """Return the memory, in bytes, that a process and its descendants have at this moment."""
    return sum(map(_pss, _tree(pid)))


class Memory:
    """The most that a process and its descendants have been seen to have, in bytes."""

    def __init__(self) -> None:
        self.most = 0


@dataclass(frozen=True)
class Resident:
    """A command that stays."""

    process: "subprocess.Popen[bytes]"
    memory: Memory
    log: Path

    def said(self) -> str:
        """The last of what it has printed."""
        return self.log.read_text()[-4000:]

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def worked(self) -> float:
        """For how many seconds it and its descendants have kept a core busy."""
        return sum(map(_cpu, _tree(self.process.pid)))


def _start(command: Sequence[str], folder: Path, said: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  # our own words
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        start_new_session=True,
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it and what it has started, by force if it does not end when asked."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)


@contextmanager
def _watched(pid: int) -> Iterator[Memory]:
    memory, ended = Memory(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(pid, memory, ended))
    watcher.start()
    try:
        yield memory
    finally:
        ended.set()
        watcher.join()


def _watch(pid: int, memory: Memory, ended: threading.Event) -> None:
    pause = 0.0
    while not ended.wait(pause):
        start = time.perf_counter()
        memory.most = max(memory.most, held(pid))
        pause = max(_SECONDS_BETWEEN, (time.perf_counter() - start) / _LOOKING)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _text(children).split():
            yield from _tree(int(child))


def _pss(pid: int) -> int:
    lines = _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _cpu(pid: int) -> float:
    """What it has used itself, and those of its children that have ended."""
    after_the_name = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, after_the_name[11:15])) / _TICKS


def _text(path: Path) -> str:
    """What the kernel says there; nothing of a process that has just ended."""
    try:
        return path.read_text()
    except (OSError, ValueError):
        return ""
