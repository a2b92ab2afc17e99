"""What has been published of each entry, and in which order: as facts for those who come next."""

import heapq
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Self, overload

from afterword import entries
from afterword.conversations import Answer, Conversation
from afterword.entries import Entry, Standing
from incremental.facts import Changes, Facts

# By key, the line of each entry that has one.
ENTRIES: Final = "entries"
# By rank, the digest of each response that everybody can find.
RANKS: Final = "ranks"
# How many of these there are.
TOTAL: Final = "total of ranks"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is published.

    ``packed`` is all of the entry, as a text. ``subjects`` are the posts and pages that it is,
    by the names under which builds know them. ``is_open`` says whether they show a form, and
    ``summary`` is that of the responses they show.
    """

    packed: str
    subjects: tuple[str, ...]
    is_open: bool
    summary: str

    @property
    def text(self) -> str:
        """All of it, as JSON: ``of_text`` returns an equal line for it."""
        said = json.dumps([self.subjects, self.is_open])
        return f"[{self.packed}, {said}, {self.summary}]"

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return the line that has this text."""
        fields, (subjects, is_open), summary = json.loads(text)
        return cls(json.dumps(fields), tuple(subjects), is_open, json.dumps(summary))

    @property
    def entry(self) -> Entry:
        """The entry."""
        return entries.unpack(self.packed)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The responses in short, oldest first."""
        return Conversation("", self.summary, lambda _: {}).answers

    def ranks(self) -> Mapping[str, str]:
        """Of the responses that everybody can find the digests, by rank."""
        entry = self.entry
        if entry.standing is not Standing.PUBLISHED:
            return {}
        return {answer.rank(entry.key): answer.digest for answer in self.answers}


def total(facts: Facts) -> int:
    """How many responses there are that everybody can find."""
    return int(facts.get(TOTAL, "") or 0)


def changes(facts: Facts, before: Mapping[str, str], now: Mapping[str, Line | None]) -> Changes:
    """Return what is true if these entries are published so, and have been so ``before``.

    That is: of all entries in ``now`` the texts of their lines, where they had one; None stands
    for an entry that is gone.
    """
    lines: dict[str, str | None] = {}
    ranks: dict[str, str | None] = {}
    number = total(facts)
    for key, old, new in _different(before, now):
        lines[key] = new.text if new else None
        was, is_now = (each.ranks() if each else {} for each in (old, new))
        both = was.keys() | is_now.keys()
        ranks |= {rank: is_now.get(rank) for rank in both if was.get(rank) != is_now.get(rank)}
        number += len(is_now) - len(was)
    return {ENTRIES: lines, RANKS: ranks, TOTAL: {"": str(number)}}


class Ranks(Sequence[tuple[str, str]]):
    """The ranks of all responses and their digests, the newest first, after some changes.

    They are read as far as they are asked for.
    """

    def __init__(self, facts: Facts, made: Changes) -> None:
        self._changed = made[RANKS]
        self._total = int(made[TOTAL][""] or 0)
        new = ((rank, digest) for rank, digest in self._changed.items() if digest is not None)
        old = (pair for pair in facts.last(RANKS) if pair[0] not in self._changed)
        self._all = heapq.merge(old, sorted(new, reverse=True), reverse=True)
        self._read: list[tuple[str, str]] = []

    def depth(self) -> int | None:
        """How many are newer than all that have changed; None if none have."""
        lowest = min(self._changed, default=None)
        if lowest is None:
            return None
        return next((n for n, (rank, _) in enumerate(self) if rank <= lowest), len(self))

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, index: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str, str]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, str] | Sequence[tuple[str, str]]:
        stop = index.indices(len(self))[1] if isinstance(index, slice) else index + 1
        self._read += islice(self._all, max(0, stop - len(self._read)))
        return self._read[index]


def _different(
    before: Mapping[str, str], now: Mapping[str, Line | None]
) -> Iterator[tuple[str, Line | None, Line | None]]:
    for key, line in now.items():
        text = before.get(key)
        if text != (line.text if line else None):
            yield key, Line.of_text(text) if text else None, line
