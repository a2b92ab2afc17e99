"""What a response is, wherever it comes from and wherever it goes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from afterword.errors import EntryError, InvalidComment

ID_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
# Windows and macOS refuse more, Linux more than 255 bytes.
_MAX_KEY_BYTES: Final = 200
_MAX_URL_LENGTH: Final = 2000

_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_NEVER: Final = f"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}"
FORBIDDEN_IN_TEXT: Final = re.compile(f"[{_NEVER}]")
FORBIDDEN_IN_LINE: Final = re.compile(f"[\t\n\u2028\u2029{_NEVER}]+")


class Status(StrEnum):
    """Where a response stands. Only approved ones exist as files."""

    PENDING = "pending"
    APPROVED = "approved"
    SPAM = "spam"
    TRASH = "trash"


class Kind(StrEnum):
    """How a response came: written here, or found on another site."""

    COMMENT = "comment"
    PINGBACK = "pingback"
    WEBMENTION = "webmention"


@dataclass(frozen=True, slots=True)
class Comment:
    """One published response. Its text fields come from strangers: never render them as HTML.

    ``body`` is Markdown with LF line ends, kept verbatim; ``markup.to_html`` is the only way
    to show it. ``date`` is aware and in UTC. ``by_author`` marks the post's own author.

    Raises InvalidComment, with the field and the reason, for any value that could not be
    written to a response file and read back unchanged.
    """

    entry: str
    id: str
    author: str
    date: datetime
    body: str
    website: str | None = None
    replyto: str | None = None
    kind: Kind = Kind.COMMENT
    by_author: bool = False
    source: str | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        _check_line("author", self.author)
        if self.date.tzinfo is not UTC:
            raise InvalidComment("date", "must be in UTC")
        if self.replyto is not None:
            check_id(self.replyto, "replyto")
        for field, url in (("website", self.website), ("source", self.source)):
            if url is not None:
                check_url(field, url)
        if bad := first_forbidden(self.body):
            raise InvalidComment("body", f"{describe(bad)} is not allowed")


def check_entry_key(key: str) -> None:
    """Raise EntryError unless ``key`` can safely name a folder below content/comments/.

    A key may have several segments, as the slug of a post may: ``2012/just-network``.
    """
    if not key:
        raise EntryError(key, "an entry needs a comment key")
    for segment in key.split("/"):
        if not segment or segment.startswith(".") or segment.strip() != segment:
            raise EntryError(key, "each part between slashes needs a plain name")
        if "\\" in segment or first_forbidden(segment, line=True):
            raise EntryError(key, "backslashes and control characters are not allowed")
    if len(key.encode("utf-8", "replace")) > _MAX_KEY_BYTES:
        raise EntryError(key, f"longer than {_MAX_KEY_BYTES} bytes")


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment by the clock of a zone; as it is where that would be before all years."""
    try:
        return moment.astimezone(zone)
    except OverflowError:  # or after all of them
        return moment


def first_forbidden(text: str, *, line: bool = False) -> str | None:
    """The first character of ``text`` that no page or feed could carry, or None.

    Forbidden are control characters, surrogates and noncharacters (Unicode 16, section 23.7):
    XML 1.0 section 2.2 and the HTML standard rule most of them out. Running text may hold tabs
    and line ends; in a single ``line`` these are forbidden too, with the line and paragraph
    separators, which end a line for some readers of a line-based format and not for others.
    """
    # Nothing of it can be printed. Python tells that of a text many times faster than it searches.
    if (text if line else text.replace("\n", "")).isprintable():
        return None
    match = (FORBIDDEN_IN_LINE if line else FORBIDDEN_IN_TEXT).search(text)
    return match.group()[0] if match else None


def describe(character: str) -> str:
    """Name a character so that it can be found in a file: ``U+001B``."""
    return f"U+{ord(character):04X}"


def check_id(value: str, field: str = "id") -> None:
    """Raise InvalidComment, for this field, unless ``value`` can name a response."""
    if not ID_PATTERN.fullmatch(value):
        raise InvalidComment(field, "use letters, digits, - and _, at most 64, no - or _ first")


def _check_line(field: str, value: str) -> None:
    if not value:
        raise InvalidComment(field, "is missing")
    if bad := first_forbidden(value, line=True):
        raise InvalidComment(field, f"{describe(bad)} is not allowed")
    if value.strip() != value:
        raise InvalidComment(field, "has white space at an end")


def check_url(field: str, value: str) -> None:
    """Raise InvalidComment, for this field, unless ``value`` is a full web address."""
    _check_line(field, value)
    if len(value) > _MAX_URL_LENGTH:
        raise InvalidComment(field, f"longer than {_MAX_URL_LENGTH} characters")
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise InvalidComment(field, "is not a web address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise InvalidComment(field, "must be a full web address: http://… or https://…")
    if any(c.isspace() or c in '<>"\\^`{|}' for c in value):
        raise InvalidComment(field, "has a character that no web address has")
    if "@" in parts.netloc:
        raise InvalidComment(field, "must not name a user: it makes one host look like another")
