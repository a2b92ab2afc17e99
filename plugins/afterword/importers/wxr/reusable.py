"""Blocks that are kept once and shown in many posts: each post gets what they hold."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

_REFERENCE: Final = re.compile(
    r"<!--\s+wp:(?:core/)?block\s+(\{(?:(?!<!--).)*?\})\s+/-->", re.DOTALL
)
# Blocks may stand in each other; a post that would hold more of them was made to be hostile.
_MOST: Final = 200
_MOST_LETTERS: Final = 1_000_000


@dataclass
class Reusable:
    """Puts reusable blocks into texts.

    ``blocks`` are the texts of those that were public, by id; ``notes`` say what is odd.
    """

    blocks: Mapping[str, str]
    notes: dict[str, None] = field(default_factory=dict)

    def inlined(self, text: str) -> str:
        """Return a text with the contents of the blocks that it refers to."""
        left = [_MOST, _MOST_LETTERS]
        return "".join(self._pieces(text, (), left))

    def _pieces(self, text: str, within: tuple[str, ...], left: list[int]) -> Iterator[str]:
        end = 0
        for found in _REFERENCE.finditer(text):
            yield text[end : found.start()]
            end = found.end()
            told = _attributes(found[1])
            name = str(told.get("ref", ""))
            if name not in self.blocks:
                self._note(name, ", which is not there or was not public")
            elif name in within or not left[0] or left[1] < len(self.blocks[name]):
                self._note(name, " again and again")
            else:
                if told.get("content"):
                    self._note(name, " with words of its own, which stay out")
                left[0] -= 1
                left[1] -= len(self.blocks[name])
                yield from self._pieces(self.blocks[name], (*within, name), left)
        yield text[end:]

    def _note(self, name: str, what: str) -> None:
        self.notes[f"has the reusable block {name!r}{what}"] = None


def _attributes(text: str) -> Mapping[str, object]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
