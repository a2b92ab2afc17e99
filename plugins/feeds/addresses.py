"""Addresses as feeds may hold them: URIs, absolute, and the same whichever way they are typed."""

import re
from typing import Final
from urllib.parse import quote

# What no rule below would change. Most addresses are like this.
_PLAIN: Final = re.compile(r"[\w:/?@!$&'()*+,;=.~-]*(?:#[\w:/?@!$&'()*+,;=.~-]*)?", re.ASCII)
_PARTS: Final = re.compile(
    r"((?:[a-z][a-z0-9+.-]*:)?)(//[^/?#]*)?([^#]*)(?:#(.*))?", re.IGNORECASE | re.DOTALL
)
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9a-fA-F]{2})")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:.", re.IGNORECASE | re.DOTALL)
_WEB: Final = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_DELIMITER: Final = re.compile(r"[/?#@:\[\]\\]")
_IN_AUTHORITY: Final = "%:@!$&'()*+,;=~[]"
_AFTER_AUTHORITY: Final = "%:@!$&'()*+,;=~/?"


def uri(address: str) -> str:
    """Return an address as a URI (RFC 3986): what that cannot hold is percent-encoded in UTF-8.

    A host in letters beyond ASCII becomes what DNS knows it by (RFC 3490). An address that is
    a URI already comes back as it is.
    """
    if _PLAIN.fullmatch(address):
        return address
    match = _PARTS.fullmatch(address.strip())
    if match is None:  # cannot be: every part of the pattern may be empty
        return quote(address)
    scheme, authority, path, fragment = match.groups()
    return "".join(
        (
            scheme,
            _authority(authority) if authority else "",
            _encode(path),
            "" if fragment is None else f"#{_encode(fragment)}",
        )
    )


def _encode(part: str, *, safe: str = _AFTER_AUTHORITY) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=safe, errors="ignore")


def _authority(authority: str) -> str:
    """Encode what stands between the slashes, which begins with two of them here."""
    host = authority[2:]
    try:
        known = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:  # no name that DNS could know
        known = host
    # Letters that fold into a delimiter would move where the host ends.
    if _delimiters(known) != _delimiters(host):
        known = host
    return f"//{_encode(known, safe=_IN_AUTHORITY)}"


def _delimiters(host: str) -> list[str]:
    return _DELIMITER.findall(host)


def is_uri(text: str) -> bool:
    """Whether a text begins with a scheme, as an address that stands alone does."""
    return bool(_SCHEME.match(text))


def web_page(address: str) -> str | None:
    """Return the address of a page as a URI; None for ``javascript:`` and all that is no page."""
    return uri(address) if _WEB.match(address) else None


def language_tag(name: str | None) -> str:
    """Return a language as feeds name it (RFC 5646): ``en_GB`` as ``en-GB``, nonsense as ``""``."""
    tag = (name or "").replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""
