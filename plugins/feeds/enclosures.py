"""The files that a feed brings along, such as the episodes of a podcast, as authors name them.

A line names one: its address, and perhaps its length in bytes and its media type. The address is
that of a page on the web, or leads to a file of the site as a link in a text does:
``{static}/audio/x.mp3``.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from feeds.model import Enclosure

# Our own list: what a machine knows of media types differs from one to the next.
_TYPES: Final = {
    "aac": "audio/aac",
    "avif": "image/avif",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "torrent": "application/x-bittorrent",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "video/webm",
    "webp": "image/webp",
    "zip": "application/zip",
}
_UNKNOWN: Final = "application/octet-stream"
_LINE: Final = re.compile(
    r"(?P<address>\S+)(?:\s+(?P<length>[0-9]{1,15}))?"
    r"(?:\s+(?P<type>[a-z]+/[a-z0-9][a-z0-9.+-]*))?",
    re.ASCII | re.IGNORECASE,
)
_HERE: Final = re.compile(r"\{(static|attach)\}(.+)")
# What a URI cannot hold, and nobody types into one by intention (RFC 3986, appendix C).
_STRANGE: Final = re.compile(r"""["<>\\^`{|}]""")


class Named(NamedTuple):
    """What a line names. ``how`` is ``static`` or ``attach`` for a file of the site, else empty."""

    how: str
    address: str
    length: int | None
    type: str

    def enclosure(self, address: str, length: int | None) -> Enclosure:
        """Return the file that was found at an address, with the length that it has there."""
        return Enclosure(address, self.type or media_type(self.address), length)


def lines(value: object) -> Iterator[str]:
    """Yield what the lines of a post say, whether its reader has made a list of them or a text."""
    for each in value if isinstance(value, list | tuple) else [value]:
        yield from filter(None, map(str.strip, str(each).splitlines()))


def named(line: str) -> Named:
    """Return what a line names. Raises ValueError, saying why, for one that names nothing."""
    found = _LINE.fullmatch(line)
    if not found or not found["address"].isprintable():
        raise ValueError("it takes an address (%20 for a space), a length in bytes, a media type")
    length = int(found["length"]) if found["length"] else None
    type_ = (found["type"] or "").lower()
    if here := _HERE.fullmatch(found["address"]):
        return Named(here[1], here[2], length, type_)
    if not _is_web(found["address"]):
        raise ValueError("its address has to begin with https://, http:// or {static}")
    return Named("", found["address"], length, type_)


def media_type(address: str) -> str:
    """Return the media type of a file, told by how its name ends and by nothing else."""
    suffix = PurePosixPath(urlsplit(address).path).suffix
    return _TYPES.get(suffix[1:].lower(), _UNKNOWN)


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
    return is_whole and not _STRANGE.search(address)
