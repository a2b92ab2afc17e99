"""Ampersands that begin no entity: in addresses and names, where nobody has escaped them.

WordPress escapes them when it shows a text, so that ``?a=1&para=2`` has no paragraph sign in it.
Parsers of HTML take many of them for entities that somebody has not ended.
"""

import re
from typing import Final

_ALONE: Final = re.compile(r"&(?!#\d+;|#[xX][\dA-Fa-f]+;|[A-Za-z][A-Za-z\d]*;)")


def escaped(html: str) -> str:
    """Return HTML in which each ampersand that begins no entity is one itself."""
    return _ALONE.sub("&amp;", html)
