"""Telling by a glance, without reading it, that a file is as it was."""

import os
from pathlib import Path
from typing import NamedTuple, Self


class Stamp(NamedTuple):
    """A file as the file system knows it: whoever changes it changes one of these.

    Times are in nanoseconds since 1970. ``changed`` is the inode's own, which no program can
    set: it tells of a file that was replaced by another of the same size and date.
    """

    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def of(cls, path: Path | str) -> Self | None:
        """The stamp of a file, or None where there is no file. Follows no links."""
        try:
            found = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
