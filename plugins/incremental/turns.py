"""Taking turns: one process at a time does something, and the others wait.

A turn ends with the process that has it, however that ends. Processes forked in it share it:
while one of them still works for somebody who was killed, nobody else gets in. Programs started
in it do not.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import Final

# Who waits no longer than that need not be told, in seconds.
_PATIENCE: Final = 1.0
_PAUSE: Final = 0.02


@contextmanager
def taking_turns(
    lock_file: Path,
    waiting: Callable[[], object] | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[None]:
    """Wait until no other process is in here with the same lock file.

    ``waiting`` is called once if that takes more than a second.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)  # closed in programs it starts
    try:
        _take(handle, waiting, pause)
        yield
    finally:
        os.close(handle)


@contextmanager
def using(folder: Path) -> Iterator[int]:
    """Have a folder count as used; by programs that are given what this yields, until they end.

    Any number of processes may use the same one.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        flock(handle, LOCK_SH)
        yield handle
    finally:
        os.close(handle)


def is_used(folder: Path) -> bool:
    """Whether any process that is still alive uses a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return not _taken(handle)
    finally:
        os.close(handle)


def until_unused(folder: Path, waiting: Callable[[], object] | None = None) -> None:
    """Wait until no process that is still alive uses a folder; ``waiting`` as above."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _take(handle, waiting, time.sleep)
    finally:
        os.close(handle)


def _take(
    handle: int, waiting: Callable[[], object] | None, pause: Callable[[float], object]
) -> None:
    if waiting and not _taken_soon(handle, pause):
        waiting()
    flock(handle, LOCK_EX)


def _taken_soon(handle: int, pause: Callable[[float], object]) -> bool:
    left = _PATIENCE
    while not _taken(handle):
        if left <= 0:
            return False
        pause(_PAUSE)
        left -= _PAUSE
    return True


def _taken(handle: int) -> bool:
    try:
        flock(handle, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True
