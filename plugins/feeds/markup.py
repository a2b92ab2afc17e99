"""What a feed makes of the author's HTML: plain text, and links that work anywhere."""

import re
from html import escape, unescape
from typing import Final
from urllib.parse import urljoin

_ATTRIBUTE_VALUES: Final = r"""(?:[^"'<>]|"[^"]*"|'[^']*')*+"""
# Without comments, scripts, styles, and the numbers that lead to footnotes.
_UNREAD: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<sup id=\"fnref(?:(?!<sup).)*?</sup>",
    re.IGNORECASE | re.DOTALL,
)
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|q|s|samp|small|span"
    rf"|strong|sub|sup|time|tt|u|var|wbr)(?![\w:-]){_ATTRIBUTE_VALUES}>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(rf"</?[a-z]{_ATTRIBUTE_VALUES}>|<[!?][^<>]*>", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")

_ATTRIBUTE: Final = (
    r"(\s(?:action|background|cite|data|formaction|href|longdesc|poster|src)\s*=\s*)"
)
_VALUE: Final = r"""("[^"]*"|'[^']*'|[^\s"'=<>`]+)"""
_ADDRESS: Final = re.compile(_ATTRIBUTE + _VALUE, re.IGNORECASE)
_ADDRESSES: Final = re.compile(r"""(\ssrcset\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# The elements that lead elsewhere; what SVG refers to by href is in the same text.
_LEADING: Final = re.compile(
    r"<(?:a|area|audio|blockquote|button|del|embed|form|iframe|img|input|ins|object|q|source"
    rf"|track|video)\s{_ATTRIBUTE_VALUES}>",
    re.IGNORECASE,
)


def text_of(html: str) -> str:
    """Return the text that a browser would show of some HTML, on one line."""
    if "<" in html:
        html = _TAG.sub(" ", _INLINE.sub("", _UNREAD.sub("", html)))
    return _SPACE.sub(" ", unescape(html) if "&" in html else html).strip()


def with_absolute_links(html: str, base: str) -> str:
    """Return HTML whose links and images are found from anywhere, not only from ``base``.

    An address that cannot be understood stays as it is.
    """

    def in_tag(tag: re.Match[str]) -> str:
        text = _ADDRESS.sub(lambda found: _absolute_value(found, base), tag[0])
        return _ADDRESSES.sub(lambda found: _absolute_candidates(found, base), text)

    return _LEADING.sub(in_tag, html)


def _absolute_value(found: re.Match[str], base: str) -> str:
    value = unescape(found[2][1:-1] if found[2][0] in "\"'" else found[2])
    return found[0] if _ABSOLUTE.match(value) else f'{found[1]}"{_join(base, value)}"'


def _absolute_candidates(found: re.Match[str], base: str) -> str:
    """Each candidate of a ``srcset`` is an address and perhaps, after a space, its size."""
    candidates = (part.split(None, 1) for part in unescape(found[2][1:-1]).split(", "))
    joined = (" ".join([_join(base, first), *rest]) for first, *rest in filter(None, candidates))
    return f'{found[1]}"{", ".join(joined)}"'


def _join(base: str, value: str) -> str:
    try:
        return escape(urljoin(base, value.strip()))
    except ValueError:  # such as http://[
        return escape(value)
