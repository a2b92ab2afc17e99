"""What things of WordPress are called in addresses, as far as files can be called so."""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

_NOT_IN_KEY: Final = re.compile(r"[^\w-]+")
_MOST_BYTES: Final = 180


def file_name(slug: str, title: str) -> str:
    """Return a name made from a slug, or else from a title; empty if nothing can be made."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    for name in (unicodedata.normalize("NFC", unquote(slug)), plain.replace("'", "")):
        made = _NOT_IN_KEY.sub("-", name).strip("-._")
        made = made.encode()[:_MOST_BYTES].decode("utf-8", "ignore")
        if made:
            return made
    return ""
