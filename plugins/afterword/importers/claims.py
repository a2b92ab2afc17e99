"""Ids: each is given to one response, and those that have theirs are known again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from afterword.importers.findings import Skipped
from afterword.importers.survey import Row
from afterword.model import Status


class Fate(StrEnum):
    """What happens to a response."""

    ADD = "add"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a response goes. ``notes`` say what is not as it was.

    One that is ``alone`` is a published file of which the queue has no row: numbers that were
    given anew in each thread stay what they were so.
    """

    fate: Fate
    entry: str
    id: str
    replyto: str | None
    date: datetime
    notes: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What a site has under an id: made when, and in which state.

    ``date`` is None for what was deleted for good.
    """

    date: datetime | None
    status: Status


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a site has: ``queued`` by an id, ``published`` by an entry and an id."""

    queued: Callable[[str], Held | None]
    published: Callable[[str, str], Held | None]


class Claims:
    """Ids, each given to one response of an entry, and to one in the queue.

    ``status`` holds what those are that the site has, by entry and id.
    """

    def __init__(self, source: str, holdings: Holdings) -> None:
        self._source = source
        self._holdings = holdings
        self._published: set[tuple[str, str]] = set()
        self._queued: set[str] = set()
        self.status: dict[tuple[str, str], Status] = {}

    def claim(self, row: Row, entry: str) -> Place | Skipped:
        """Give a response an id; or say why there is none for it."""
        if row.again:
            return Skipped(row.place, "stands in the source twice", expected=True)
        for each in row.ids(self._source):
            if (entry, each) in self._published:
                continue
            if found := self._tried(row, entry, each):
                return found
        taken = " and ".join(row.ids(self._source))
        return Skipped(row.place, f"taken by others: {taken}")

    def _tried(self, row: Row, entry: str, new: str) -> Place | Skipped | None:
        """The response under this id, or None where that is another's."""
        queued = self._holdings.queued(new) if not row.alone else None
        if queued is not None and queued.date is None:
            reason = f"{new} was here and has been deleted for good"
            return Skipped(row.place, reason, expected=True)
        if new not in self._queued and queued is not None and queued.date == row.date:
            return self._placed(row, entry, new, queued)
        alone = row.alone or new in self._queued or queued is not None
        published = self._holdings.published(entry, new)
        if published is not None and published.date != row.date:
            return None
        if alone and row.status is not Status.APPROVED:
            return None
        return self._placed(row, entry, new, published, alone=alone)

    def _placed(
        self, row: Row, entry: str, new: str, held: Held | None, *, alone: bool = False
    ) -> Place:
        self._published.add((entry, new))
        if not alone:
            self._queued.add(new)
        if held is not None:
            self.status[entry, new] = held.status
        notes = [f"{row.id!r} has become {new}"] if new != row.id else []
        if alone:
            notes.append("is a file alone: in the queue, its number is another's")
        if not row.dated:
            notes.append(f"has no date; takes {row.date.isoformat()}")
        fate = Fate.ADD if held is None else Fate.ALREADY
        return Place(fate, entry, new, None, row.date, tuple(notes), alone)
