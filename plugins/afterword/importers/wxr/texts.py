"""Texts as WordPress keeps them, made the Markdown of files."""

import re
from collections.abc import Sequence
from typing import Final

from afterword.importers.wxr.blocks import unblock
from afterword.importers.wxr.links import Links
from afterword.importers.wxr.prose import prose
from afterword.importers.wxr.shortcodes import Shortcodes

_PART: Final = re.compile(r"(?:<p>\s*)?<!--(more|nextpage)\b.*?-->(?:\s*</p>)?", re.DOTALL)


def text_of(content: str, shortcodes: Shortcodes, links: Links) -> tuple[str, Sequence[str]]:
    """Return a text, and what of it does not come along.

    WordPress's marks between the parts of a post stay, for they are not shown.
    """
    unblocked = unblock(shortcodes.expand(content))
    notes = [f"has the block {each!r}, which WordPress filled" for each in unblocked.filled]
    pieces = []
    for number, part in enumerate(_PART.split(unblocked.html)):
        if number % 2:
            pieces.append(f"<!--{part}-->")
            continue
        text, told = prose(part, links.lead)
        pieces.append(text)
        notes += told
    return "\n\n".join(each for each in pieces if each), notes


def line_of(content: str, shortcodes: Shortcodes, links: Links) -> str:
    """Return a text in one line."""
    return " ".join(prose(shortcodes.expand(content), links.lead)[0].split())
