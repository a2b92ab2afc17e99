"""The code of one's own that a process has loaded, and whether it is still what is on disk."""

import hashlib
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from types import ModuleType

from incremental.code import own_source


class Sources:
    """What a process has loaded that began at the moment ``since``, in nanoseconds since 1970."""

    def __init__(self, since: int) -> None:
        self._since = since
        self._loaded: dict[Path, bytes] = {}

    def note(self, modules: Iterable[ModuleType]) -> None:
        """Remember the sources of modules that have been imported since the last time."""
        for path in {path for each in modules if (path := own_source(each))}:
            if path not in self._loaded:
                # Of a file younger than the process nobody knows which bytes were loaded.
                young = path.stat().st_mtime_ns >= self._since
                self._loaded[path] = b"" if young else _digest(path)

    def files(self) -> Collection[Path]:
        """The sources, by absolute paths."""
        return [path.absolute() for path in self._loaded]

    def have_changed(self) -> bool:
        """Whether any of them may have other bytes than those that were loaded."""
        return any(not known or known != _digest(path) for path, known in self._loaded.items())


def _digest(path: Path) -> bytes:
    """A digest of a file's bytes; empty where there is no file."""
    if not os.path.isfile(path):  # noqa: PTH113  # asked of hundreds of files
        return b""
    return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
