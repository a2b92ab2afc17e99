"""The texts of WordPress's posts, of its old editor and of its blocks, made plain HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from afterword.importers.wxr.paragraphs import paragraphs

_BLOCK: Final = re.compile(
    r"<!--\s+(/?)wp:([a-z][\w/-]*)(\s+\{(?:(?!<!--).)*?\})?\s+(/?)-->", re.DOTALL
)
# It leads where the link before it does.
_DOWNLOAD: Final = re.compile(
    r"<a\b[^<>]*\bclass=\"wp-block-file__button\b[^<>]*>(?:(?!<a\b).)*?</a\s*>",
    re.IGNORECASE | re.DOTALL,
)
# Blocks that have nothing in them on purpose: what they say stands around them.
_EMPTY: Final = frozenset(["more", "nextpage", "separator", "spacer"])


@dataclass(frozen=True, slots=True)
class Unblocked:
    """A text without marks of blocks. ``filled`` are blocks that WordPress itself fills."""

    html: str
    filled: tuple[str, ...]


def unblock(text: str) -> Unblocked:
    """Return a text as HTML. What is outside of blocks is in the old editor's way of writing."""
    filled: dict[str, None] = {}
    html = "".join(_pieces(_DOWNLOAD.sub("", text), filled))
    return Unblocked(html, tuple(filled))


def _pieces(text: str, filled: dict[str, None]) -> Iterator[str]:
    depth, end = 0, 0
    for mark in _BLOCK.finditer(text):
        piece = text[end : mark.start()]
        yield piece if depth else paragraphs(piece)
        end = mark.end()
        if mark[4]:
            if mark[2] not in _EMPTY:
                filled[mark[2]] = None
        elif mark[1]:
            depth = max(0, depth - 1)
        elif mark[2] == "freeform":
            depth = 0
        else:
            depth += 1
    piece = text[end:]
    yield piece if depth else paragraphs(piece)
