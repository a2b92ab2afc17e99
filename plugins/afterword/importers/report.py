"""What an import did, or would do: for people and for scripts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from afterword.errors import visible
from afterword.importers.findings import Skipped
from afterword.model import Status

# A person reads so many places for one reason; scripts get all.
_PLACES: Final = 20
# … and so many letters of a line.
_LETTERS: Final = 500


@dataclass(frozen=True, slots=True)
class Changed:
    """A response that came along, but not just as it was."""

    place: str
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Matched:
    """A thread with responses, and the entry that it belongs to: empty for none."""

    thread: str
    url: str
    entry: str
    how: str


@dataclass(slots=True)
class Report:
    """``read`` is as many as ``added``, ``already``, ``updated`` and ``skipped`` are together.

    Entries are counted among these too; ``entries`` says how many of the added ones they are.
    """

    source: str
    dry_run: bool
    read: int = 0
    added: Counter[Status] = field(default_factory=Counter)
    entries: int = 0
    already: int = 0
    updated: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    threads: list[Matched] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was left out that somebody might miss."""
        return all(each.expected for each in self.skipped)

    def as_data(self) -> Mapping[str, Any]:
        """All of it, for JSON."""
        return {
            "source": self.source,
            "dry_run": self.dry_run,
            "read": self.read,
            "added": {status.value: self.added[status] for status in Status},
            "entries": self.entries,
            "already": self.already,
            "updated": self.updated,
            "skipped": [
                {"place": each.place, "reason": each.reason, "expected": each.expected}
                for each in self.skipped
            ],
            "changed": [
                {"place": each.place, "id": each.id, "why": each.why} for each in self.changed
            ],
            "threads": [
                {"thread": each.thread, "url": each.url, "entry": each.entry, "how": each.how}
                for each in self.threads
            ],
        }

    def lines(self) -> Sequence[str]:
        """All that a person has to know, a line each, in characters that print."""
        told = [f"{each.place}: {each.id}: {each.why}" for each in self.changed]
        reasons: dict[str, list[str]] = {}
        for each in self.skipped:
            reasons.setdefault(each.reason, []).append(each.place)
        out = [*_some("not just as it was", told)]
        for reason, places in reasons.items():
            out += _some(f"skipped: {reason}", places)
        return [_cut(visible(each)) for each in [*out, self._sum()]]

    def _sum(self) -> str:
        added = ", ".join(f"{self.added[each]:,} {each}" for each in Status if self.added[each])
        parts = [
            f"{sum(self.added.values()):,} added" + (f" ({added})" if added else ""),
            *([f"{self.entries:,} posts, pages and descriptions added"] if self.entries else []),
            f"{self.already:,} there already",
            *([f"{self.updated:,} updated"] if self.updated else []),
            f"{len(self.skipped):,} skipped",
        ]
        tense = "would be " if self.dry_run else ""
        return f"{self.source}: {self.read:,} read; {tense}{', '.join(parts)}"


def _cut(line: str) -> str:
    return line if len(line) <= _LETTERS else f"{line[:_LETTERS]}…"


def _some(heading: str, places: Sequence[str]) -> Sequence[str]:
    if not places:
        return ()
    more = len(places) - _PLACES
    rest = [f"  and {more:,} more; --json lists them all"] if more > 0 else []
    count = f" ({len(places):,})" if len(places) > 1 else ""
    return [f"{heading}{count}", *(f"  {each}" for each in places[:_PLACES]), *rest]
