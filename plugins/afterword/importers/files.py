"""Export files as they come: many systems pack them with gzip, and people mistake them."""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

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
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
    except (OSError, EOFError, zlib.error) as error:
        raise ImportRefused(path, 0, str(error)) from error


def mistaken(path: Path, wanted: str) -> str:
    """Say what a file is that was taken for another kind, such as ``is XML``.

    Nothing if that cannot be told, or it is just what was wanted. Raises ImportRefused.
    """
    with opened(path) as file:
        start = file.read(512)
    found = next((said for pattern, said in _KINDS if pattern.match(start)), "")
    return "" if found == wanted else found
