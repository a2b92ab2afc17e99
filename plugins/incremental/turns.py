"""Taking turns: one process at a time does something, and the others wait."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path


@contextmanager
def taking_turns(lock_file: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Wait until no other process is in here with the same lock file.

    ``waiting`` is called once if there is one.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            flock(handle, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            waiting()
            flock(handle, LOCK_EX)
        yield
    finally:
        os.close(handle)
