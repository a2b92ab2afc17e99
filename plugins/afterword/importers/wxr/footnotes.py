"""Footnotes: marks in a text, and a field beside the post that says what they stand for."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_MARK: Final = re.compile(
    r"<sup\b[^<>]*\bdata-fn=[\"']([^\"'<>]+)[\"'][^<>]*>(?:(?!<sup\b).)*?</sup\s*>",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK: Final = re.compile(r"<!--\s+wp:footnotes\b[^<>]*-->")
# Signs that no text has, so that a mark comes through whatever becomes of the text.
_SIGNS: Final = "\ue0f0{}\ue0f1"
_SIGN: Final = re.compile(_SIGNS.format(r"(\d+)"))


@dataclass(frozen=True)
class Footnotes:
    """The footnotes of one post: their HTML by the ids that its text has."""

    texts: Mapping[str, str]

    @classmethod
    def read(cls, field: str) -> "Footnotes":
        """Take them from the field of a post. What is none is left out."""
        try:
            listed = json.loads(field) if field else []
        except (ValueError, RecursionError):
            listed = []
        notes = [each for each in listed if isinstance(each, dict)] if listed else []
        return cls({str(each.get("id", "")): str(each.get("content", "")) for each in notes})

    def marked(self, html: str) -> str:
        """Return the HTML of a post with signs in place of its marks."""
        if not self.texts:
            return html
        numbers = {name: str(number) for number, name in enumerate(self.texts, 1)}

        def sign(found: re.Match[str]) -> str:
            number = numbers.get(found[1])
            return _SIGNS.format(number) if number else found.group()

        return _MARK.sub(sign, _BLOCK.sub("", html))

    def removed(self, text: str) -> str:
        """Return Markdown without the signs."""
        return _SIGN.sub("", text)

    def explained(self, text: str, written: Callable[[str], str]) -> str:
        """Return Markdown with footnotes in place of the signs; ``written`` is Markdown of HTML."""
        notes = []
        text = _SIGN.sub(r"[^\1]", text)
        for number, html in enumerate(self.texts.values(), 1):
            inner = re.sub(r"\n(?=[^\n])", "\n    ", written(html))
            notes.append(f"[^{number}]: {inner}")
        return "\n\n".join(each for each in (text, *notes) if each)
