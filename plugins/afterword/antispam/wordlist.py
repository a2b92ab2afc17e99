"""Words that the owner of a site does not want to see, found inside other words too.

WordPress looks for each line of its lists in each field, one after the other; a list of fifty
thousand lines takes it seconds. Here a word is looked up by its first few characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NewType

Folded = NewType("Folded", str)

# Characters that show nothing, put between letters to hide a word.
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_PREFIX: Final = 4


def fold(text: str) -> Folded:
    """Make spellings that look alike the same: case, width, and what is not seen (NFKC)."""
    return Folded(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold())


def found(words: tuple[str, ...], text: Folded) -> str | None:
    """The first word of the list that stands anywhere in the text, or None."""
    by_start, short = _index(words)
    for word in short:
        if word in text:
            return word
    # Each start once, however often the text repeats it.
    starts = {text[at : at + _PREFIX] for at in range(len(text) - _PREFIX + 1)}
    for start in sorted(by_start.keys() & starts):
        for word in by_start[start]:
            if word in text:
                return word
    return None


@lru_cache(maxsize=8)
def _index(words: tuple[str, ...]) -> tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    folded = sorted({fold(word).strip() for word in words} - {""})
    by_start: dict[str, list[str]] = {}
    for word in folded:
        if len(word) >= _PREFIX:
            by_start.setdefault(word[:_PREFIX], []).append(word)
    long = {start: tuple(found) for start, found in by_start.items()}
    return long, tuple(word for word in folded if len(word) < _PREFIX)


def searched(texts: Iterable[str]) -> Folded:
    """Several texts as one to search in; no word can reach from one into the next."""
    return Folded("\x00".join(fold(text) for text in texts))
