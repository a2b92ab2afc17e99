"""Export files as they come: many systems pack them with gzip."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from afterword.errors import ImportRefused

_GZIP: Final = b"\x1f\x8b"
_MARK: Final = b"\xef\xbb\xbf"  # what some editors put before UTF-8


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, unpacked and without a byte order mark. Raises ImportRefused if that fails."""
    try:
        with path.open("rb") as raw:
            start = raw.read(3)
            packed = start.startswith(_GZIP)
            raw.seek(len(start) if start == _MARK else 0)
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
    except (OSError, EOFError, zlib.error) as error:
        raise ImportRefused(path, 0, str(error)) from error
