"""What files were made from, in as little room as it goes until the build that made them ends.

All of it is needed once, at the end, and in a large site it is as much as the posts themselves.
"""

import pickle
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from incremental.traces import Trace

# More than this takes longer than it is worth.
_LEVEL: Final = 1


def pack(trace: Trace) -> bytes:
    """Return a trace as bytes."""
    return zlib.compress(pickle.dumps(trace), _LEVEL)


def unpack(packed: bytes) -> Trace:
    """Return the trace that was packed, in this process or in one that it has forked."""
    trace: Trace = pickle.loads(zlib.decompress(packed))  # noqa: S301  # it was never anywhere else
    return trace


class Packed(Mapping[str, Trace | None]):
    """Traces by the names of their files; None where nobody knows what a file was made from."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}

    def put(self, name: str, packed: bytes) -> None:
        """Take a packed trace, or nothing, for that of a file."""
        self._packed[name] = packed

    def __getitem__(self, name: str) -> Trace | None:
        packed = self._packed[name]
        return unpack(packed) if packed else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)
