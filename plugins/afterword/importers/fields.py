"""Single fields of foreign responses, made into what a response file can hold.

What comes out is sound; what had to be changed for it is said by the caller.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote, urljoin

from afterword.errors import InvalidComment
from afterword.model import FORBIDDEN_IN_LINE, FORBIDDEN_IN_TEXT, ID_PATTERN, check_url

ANONYMOUS: Final = "Anonymous"
_NOT_IN_ID: Final = re.compile(r"[^A-Za-z0-9_-]+")
_NOT_IN_URL: Final = re.compile(r"""[\s<>"\\^`{|}]""")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST: Final = re.compile(r"[\w-]+(\.[\w-]+)+([/?#:].*)?", re.DOTALL)
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


def line(text: object) -> str:
    """Return a text in one line that a header can hold; it may be empty."""
    return FORBIDDEN_IN_LINE.sub(" ", str("" if text is None else text)).strip()


def body(text: str) -> str:
    """Return running text with LF line ends and without characters that no page can carry."""
    return FORBIDDEN_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def website(text: object, base: str = "") -> str | None:
    """Return a full web address, or None where it is none and cannot be made one.

    Without a scheme it is relative to ``base``, if there is one, or else begins with a host.
    """
    address = line(text)
    if not address:
        return None
    if not _SCHEME.match(address) or _HOST.fullmatch(address):
        address = urljoin(base, address) if base else f"http://{address.removeprefix('//')}"
    address = _NOT_IN_URL.sub(lambda found: quote(found.group()), address)
    try:
        check_url("website", address)
    except (InvalidComment, ValueError):
        return None
    return address


def moment(value: object) -> datetime | None:
    """Return a date in UTC: from seconds since 1970, or from a text in ISO 8601.

    Without a zone it is UTC. None for what is no date, and for those that stand for none.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _EPOCH + timedelta(seconds=value)
        text = str(value or "").strip()
        if text.startswith("0000"):
            return None
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def made_id(*parts: str) -> str:
    """Return an id for what has none: the same for the same parts."""
    digest = hashlib.blake2b(digest_size=5)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()


def usable_id(old: str) -> bool:
    """Whether an old id can be kept as it is."""
    return ID_PATTERN.fullmatch(old) is not None


def other_id(old: str, *parts: str) -> str:
    """Return an id in place of ``old`` that is the same each time, and nobody else's."""
    stem = _NOT_IN_ID.sub("-", old).strip("-_")[:40] or "r"
    return f"{stem}-{made_id(old, *parts)}"
