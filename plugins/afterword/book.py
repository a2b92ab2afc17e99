"""What can be answered right now: the build's list, read again when it has changed."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from afterword import entries
from afterword.entries import Listed


class Book:
    """The entries of a site. ``locate`` says where the list lies at the moment."""

    def __init__(self, locate: Callable[[], Path]) -> None:
        self._locate = locate
        self._lock = threading.Lock()
        self._mark: tuple[object, ...] = ()
        self._entries: Mapping[str, Listed] = {}

    def entries(self) -> Mapping[str, Listed]:
        """All entries by key. Raises EntriesUnknown when there is no list."""
        path = self._locate()
        with self._lock:
            mark = _mark(path)
            if mark != self._mark or not mark:
                self._entries = entries.load(path)
                self._mark = mark
            return self._entries

    def find(self, key: str) -> Listed | None:
        """An entry, or None. Raises EntriesUnknown when there is no list."""
        return self.entries().get(key)


def _mark(path: Path) -> tuple[object, ...]:
    """What is another when the file is."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return (path, status.st_ino, status.st_mtime_ns, status.st_size)
