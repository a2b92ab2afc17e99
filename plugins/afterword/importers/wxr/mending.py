"""Exports that are broken, but so that nobody can doubt what was meant, made readable.

Three things are mended, and every line stays where it was: NUL bytes are left out, white space
before the XML declaration moves behind it, and prefixes that nobody has declared are declared.
Whatever else is wrong is for the parser to refuse.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from afterword.importers.files import opened

# What WordPress means by its prefixes.
_MEANT: Final = {
    b"content": b"http://purl.org/rss/1.0/modules/content/",
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"excerpt": b"http://wordpress.org/export/1.2/excerpt/",
    b"wp": b"http://wordpress.org/export/1.2/",
}
_UNKNOWN: Final = b"urn:x-undeclared:"
_ROOT: Final = re.compile(rb"<!--.*?-->|(<rss)((?:\s[^>]*)?>)", re.DOTALL)
_DECLARED: Final = re.compile(rb"xmlns:([\w.-]+)\s*=")
# In texts of posts there are more of them, which mean nothing; declaring them does no harm.
_USED: Final = re.compile(rb"(?:</?|\s)([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_EARLY: Final = re.compile(rb"\A(\xef\xbb\xbf)?(\s+)(<\?xml[^>]*\?>)")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_RESERVED: Final = frozenset([b"xml", b"xmlns"])
_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 16
_LONGEST: Final = 64
_MOST: Final = 2000


@contextmanager
def mended(path: Path) -> Iterator[IO[bytes]]:
    """Open an export, packed or not, and mended. Raises ImportRefused."""
    with opened(path) as file:
        if file.read(2) in _WIDE:
            file.seek(0)
            yield file
            return
        file.seek(0)
        prefixes = _used(file)
        file.seek(0)
        yield cast("IO[bytes]", _Mended(file, prefixes))


class _Mended:
    """A file that is mended while it is read."""

    def __init__(self, file: IO[bytes], prefixes: frozenset[bytes]) -> None:
        self._file = file
        head = file.read(_HEAD).replace(b"\0", b"")
        self._ready = _declared(_EARLY.sub(rb"\1\3\2", head), prefixes)

    def read(self, size: int = -1) -> bytes:
        while not self._ready:
            chunk = self._file.read(_CHUNK)
            if not chunk:
                return b""
            self._ready = chunk.replace(b"\0", b"")
        size = len(self._ready) if size < 0 else size
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


def _used(file: IO[bytes]) -> frozenset[bytes]:
    """The prefixes of a file, and words that look like some."""
    found: set[bytes] = set()
    before = b""
    while chunk := file.read(_CHUNK):
        text = before + chunk.replace(b"\0", b"")
        found.update(_USED.findall(text))
        if len(found) > _MOST:
            break
        before = text[-_LONGEST:]
    return frozenset(found) - _RESERVED


def _declared(head: bytes, prefixes: frozenset[bytes]) -> bytes:
    for root in _ROOT.finditer(head):
        if root[1]:
            missing = sorted((prefixes | _MEANT.keys()) - set(_DECLARED.findall(root[2])))
            added = b"".join(
                b' xmlns:%s="%s"' % (each, _MEANT.get(each, _UNKNOWN + each)) for each in missing
            )
            return head[: root.end(1)] + added + head[root.end(1) :]
    return head
