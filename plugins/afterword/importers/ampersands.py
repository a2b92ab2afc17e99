"""Ampersands that begin no entity: in addresses and names, where nobody has escaped them.

WordPress escapes them when it shows a text, so that ``?a=1&para=2`` has no paragraph sign in it.
Parsers of HTML take many of them for entities that somebody has not ended.
"""

import re
from html import unescape
from typing import Final

_ALONE: Final = re.compile(r"&(?!#\d+;|#[xX][\dA-Fa-f]+;|[A-Za-z][A-Za-z\d]*;)")
# No character has such a number, and Python refuses to read one of thousands of digits.
_ENDLESS: Final = re.compile(r"&(?=#0*[1-9]\d{7}|#\d{30})")


def escaped(html: str) -> str:
    """Return HTML in which each ampersand that begins no entity is one itself."""
    return _ALONE.sub("&amp;", finite(html))


def finite(html: str) -> str:
    """Return HTML in which what is too long to be the number of a character is none."""
    return _ENDLESS.sub("&amp;", html)


def unescaped(html: str) -> str:
    """Return the text that HTML without tags shows.

    What it is handed to may take it for HTML once more, as a build does with names.
    """
    return _ENDLESS.sub("", unescape(finite(html)))
