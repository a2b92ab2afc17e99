"""Export files as they come: many systems pack them with gzip, and people mistake them."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

from afterword.errors import ImportRefused

_GZIP: Final = b"\x1f\x8b"
# How files begin that are given in place of others, and what to say of them.
_KINDS: Final = (
    (re.compile(rb"SQLite format 3\0"), "is a database of SQLite"),
    (re.compile(rb"PK\x03\x04"), "is a ZIP archive; unpack it first"),
    (re.compile(rb"\s*(<!doctype html|<html)", re.IGNORECASE), "is a web page, and no export"),
    (re.compile(rb"\s*<"), "is XML"),
    (re.compile(rb"\s*[\[{]"), "is JSON"),
)
_MARK: Final = b"\xef\xbb\xbf"  # what some editors put before UTF-8
# What is packed has so many bytes for one, once it has more than these; people's words have ten.
_MOST_FOR_ONE: Final = 200
_FEW: Final = 32_000_000
# More than any post has, and any picture in it.
_MOST_AT_ONCE: Final = 32_000_000


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, unpacked and without a byte order mark. Raises ImportRefused if that fails."""
    try:
        with path.open("rb") as raw:
            start = raw.read(3)
            if not start:
                raise ImportRefused(path, 0, "is empty")
            packed = start.startswith(_GZIP)
            raw.seek(len(start) if start == _MARK else 0)
            yield cast("IO[bytes]", io.BufferedReader(_Unpacked(raw))) if packed else raw
    except (OSError, EOFError, zlib.error) as error:
        raise ImportRefused(path, 0, str(error)) from error


class _Unpacked(io.RawIOBase):
    """What a packed file holds, unless it was packed only to grow without end."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._file = gzip.GzipFile(fileobj=packed)
        self._count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._count = self._file.seek(offset, whence)
        return self._count

    def tell(self) -> int:
        return self._count

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # whatever holds bytes
        data = self._file.read1(len(buffer))
        buffer[: len(data)] = data
        self._count += len(data)
        if self._count > max(_FEW, _MOST_FOR_ONE * self._packed.tell()):
            raise OSError("is packed more tightly than any export; unpack it, and look into it")
        return len(data)


class Paced:
    """A file of which something has to be made before ever more of it is read.

    Parsers keep a text until it ends. ``rest`` says that one has.
    """

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes. Raises ImportRefused once a text is longer than any."""
        data = self._file.read(size)
        self._since += len(data)
        if self._since > _MOST_AT_ONCE:
            most = f"{_MOST_AT_ONCE:,}"
            raise ImportRefused(self._path, 0, f"has a text of more than {most} bytes in it")
        return data

    def rest(self) -> None:
        """Begin to count anew."""
        self._since = 0


def mistaken(path: Path, wanted: str) -> str:
    """Say what a file is that was taken for another kind, such as ``is XML``.

    Nothing if that cannot be told, or it is just what was wanted. Raises ImportRefused.
    """
    with opened(path) as file:
        start = file.read(512)
    found = next((said for pattern, said in _KINDS if pattern.match(start)), "")
    return "" if found == wanted else found
