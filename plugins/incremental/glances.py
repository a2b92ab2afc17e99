"""Source files: telling by a glance, and if need be by reading them, that they are as they were."""

import os
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from incremental.parsed import digest

# A file system's clock may stand still for so long, in nanoseconds: two seconds in the worst one.
_TICK: Final = 2_000_000_000
_STAMP: Final = struct.Struct("<qqqQ")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read. ``stamp`` is what it looked like from outside.

    ``lasting`` is empty if the file had changed so shortly before that it might change once more
    and look the same.
    """

    stamp: bytes
    lasting: bytes
    digest: bytes

    @classmethod
    def read(cls, path: str) -> Self:
        """Read a file. Raises OSError."""
        now = time.time_ns()
        found = os.stat(path)  # noqa: PTH116  # asked very often
        stamp = _pack(found)
        is_settled = found.st_ctime_ns < now - _TICK
        return cls(stamp, stamp if is_settled else b"", digest(Path(path).read_bytes()))

    def is_still(self, path: str) -> bool:
        """Whether a file has been the same all the time until now."""
        if self.lasting:
            return stamp_of(path) == self.stamp
        return Source.read(path).digest == self.digest


def stamp_of(path: str) -> bytes:
    """What a file looks like from outside: whoever changes it changes that. Raises OSError.

    A link looks like the file it leads to.
    """
    return _pack(os.stat(path))  # noqa: PTH116  # asked very often


def _pack(found: os.stat_result) -> bytes:
    # The third, which no program can set, tells of a file replaced by one of its size and date.
    return _STAMP.pack(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
