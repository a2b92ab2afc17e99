"""Markdown that is to a parser what a blog's is, of words that mean nothing."""

from collections.abc import Callable
from random import Random
from typing import Final

_SYLLABLES: Final = (
    *("ba", "co", "di", "el", "fa", "gor", "hi", "in", "jo", "ka", "lum", "me", "no", "or"),
    *("pe", "qua", "ri", "sto", "ta", "un", "ver", "wi", "xen", "yo", "zel"),
)


def _vocabulary(size: int) -> tuple[str, ...]:
    """So many words, no two alike, short ones first as in any language."""
    random, found = Random("words"), {"a": None}  # noqa: S311  # no secret is made of it
    while len(found) < size:
        parts = 1 + len(found) // (size // 4)
        found["".join(random.choices(_SYLLABLES, k=parts))] = None
        found["".join(random.choices(_SYLLABLES, k=2 + parts // 2))] = None
    return tuple(found)[:size]


WORDS: Final = _vocabulary(1500)
# The second word is half as frequent as the first, the third a third: as people write.
_DRAWN_FROM: Final = tuple(
    word for rank, word in enumerate(WORDS, start=1) for _ in range(1 + len(WORDS) // rank)
)
_LANGUAGES: Final = ("python", "sh", "")
_MARKS: Final = ("*{0}*", "**{0}**", "`{0}`", "[{0}](https://example.org/{0}/)")


class Prose:
    """Writes what its generator of random numbers decides, and nothing else does."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def title(self) -> str:
        """Three to seven words."""
        return self._words(self._random.randint(3, 7)).capitalize()

    def post(self) -> str:
        """Return 400 to 900 words: headings, paragraphs, lists, quotations, code and links."""
        wanted = self._random.randint(400, 900)
        sections = [(f"## {self.title()}", self._block()) for _ in range(wanted // 150)]
        left = wanted - sum(len(part.split()) for section in sections for part in section)
        paragraphs = [self._paragraph(size) for size in _shares(left, 2 * len(sections))]
        parts = [
            part
            for number, (heading, block) in enumerate(sections)
            for part in (heading, paragraphs[2 * number], block, paragraphs[2 * number + 1])
        ]
        return "\n\n".join(parts)

    def response(self) -> str:
        """Return one to three paragraphs, 40 words as a rule."""
        size = min(400, 6 + round(self._random.lognormvariate(3.5, 0.7)))
        return "\n\n".join(map(self._paragraph, _shares(size, min(3, 1 + size // 40))))

    def _block(self) -> str:
        kinds: tuple[Callable[[], str], ...] = (
            *(self._bullets, self._numbers, self._quotation),
            *(self._code, self._code),
        )
        return self._random.choice(kinds)()

    def _bullets(self) -> str:
        return "\n".join(f"- {self._words(8)}" for _ in range(self._random.randint(3, 6)))

    def _numbers(self) -> str:
        return "\n".join(f"{n}. {self._words(6)}" for n in range(1, self._random.randint(4, 7)))

    def _quotation(self) -> str:
        return f"> {self._paragraph(24)}"

    def _code(self) -> str:
        lines = (self._line_of_code() for _ in range(self._random.randint(3, 9)))
        return f"```{self._random.choice(_LANGUAGES)}\n" + "\n".join(lines) + "\n```"

    def _line_of_code(self) -> str:
        name, of, value = self._random.choices(WORDS, k=3)
        return f'{name} = {of}("{value}", {len(name)})  # {value}'

    def _paragraph(self, size: int) -> str:
        """So many words in sentences; one in thirty of them is marked or a link."""
        words = self._drawn(size)
        for place in self._random.sample(range(size), size // 30):
            words[place] = self._random.choice(_MARKS).format(words[place])
        text, place = [], 0
        while place < size:
            end = place + self._random.randint(6, 18)
            sentence = " ".join(words[place:end])
            text.append(f"{sentence[0].upper()}{sentence[1:]}.")
            place = end
        return " ".join(text)

    def _words(self, number: int) -> str:
        return " ".join(self._drawn(number))

    def _drawn(self, number: int) -> list[str]:
        return self._random.choices(_DRAWN_FROM, k=number)


def _shares(whole: int, parts: int) -> list[int]:
    """Split a number into so many that differ by one at most."""
    return [(whole + part) // parts for part in range(parts)]
