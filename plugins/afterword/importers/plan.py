"""What becomes of each response of a source: decided before anything is written.

Of each response a row of facts is kept in memory, and not its text, so that the size of a
source does not matter much. Pure: what the site has already is given as functions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from afterword.importers import fields
from afterword.importers.findings import Entry, Finding, Response, Skipped, Thread
from afterword.importers.matching import Match
from afterword.model import Status

# A response whose text has more bytes is left out: its file might be too large for the build.
MAX_BYTES: Final = 400_000
_UNDATED: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """What has to be known of a response to decide about it. ``mark`` tells texts apart."""

    thread: str
    id: str
    parent: str | None
    status: Status
    date: datetime
    dated: bool
    place: str
    mark: int
    too_large: bool


@dataclass(slots=True)
class Survey:
    """A source, read through once: threads and rows in its order.

    ``gone`` holds, by thread and id, what was answered by those that are left out.
    """

    threads: dict[str, Thread] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    gone: dict[tuple[str, str], str | None] = field(default_factory=dict)
    entries: int = 0

    def take(self, found: Finding) -> None:
        """Take note of one finding."""
        match found:
            case Thread():
                self.threads.setdefault(found.id, found)
            case Entry():
                self.entries += 1
                self.threads[found.thread.id] = found.thread
            case Response():
                self.rows.append(_row(found, self.rows))
            case Skipped():
                self.skipped.append(found)
                if found.id:
                    self.gone[found.thread, found.id] = found.parent


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


def plan(
    survey: Survey, matches: Mapping[str, Match], source: str, holdings: Holdings
) -> Sequence[Place | Skipped]:
    """Decide about each row, in their order.

    The same id with the same date is the same response, whatever has been done to it since.
    """
    claims = _Claims(source, holdings)
    fates = [_fate(row, survey, matches, claims) for row in survey.rows]
    parents = _Parents(survey, fates, claims.status)
    return [
        fate if isinstance(fate, Skipped) else parents.answered(number, fate)
        for number, fate in enumerate(fates)
    ]


def candidates(rows: Iterable[Row], source: str) -> Iterable[str]:
    """Yield the ids that these rows may get."""
    for row in rows:
        if fields.usable_id(row.id):
            yield row.id
        yield fields.other_id(row.id, source, row.thread)


def _row(found: Response, before: Sequence[Row]) -> Row:
    # Who has no date stands where they stood: after the one before.
    near = before[-1].date if before and before[-1].thread == found.thread else _UNDATED
    return Row(
        thread=found.thread,
        id=found.id,
        parent=found.parent,
        status=found.status,
        date=found.date or near,
        dated=found.date is not None,
        place=found.place,
        mark=hash((found.author, found.body)),
        too_large=len(found.body.encode("utf-8", "replace")) > MAX_BYTES,
    )


def _fate(
    row: Row, survey: Survey, matches: Mapping[str, Match], claims: "_Claims"
) -> Place | Skipped:
    if row.thread not in survey.threads:
        return Skipped(row.place, f"answers the thread {row.thread!r}, which is not there")
    match = matches[row.thread]
    if not match.key:
        thread = survey.threads[row.thread]
        return Skipped(row.place, f"{thread.url or thread.id}: {match.how}")
    if row.too_large:
        return Skipped(row.place, f"its text has more than {MAX_BYTES:,} bytes")
    return claims.claim(row, match.key)


class _Claims:
    """Ids, each given to one response of an entry, and to one in the queue.

    ``status`` holds what those are that the site has, by entry and id.
    """

    def __init__(self, source: str, holdings: Holdings) -> None:
        self._source = source
        self._holdings = holdings
        self._published: set[tuple[str, str]] = set()
        self._queued: set[str] = set()
        self._times: dict[tuple[str, str], list[int]] = {}
        self.status: dict[tuple[str, str], Status] = {}

    def claim(self, row: Row, entry: str) -> Place | Skipped:
        marks = self._times.setdefault((row.thread, row.id), [])
        if row.mark in marks:
            return Skipped(row.place, "stands in the source twice", expected=True)
        marks.append(row.mark)
        times = (str(len(marks)),) if len(marks) > 1 else ()
        other = fields.other_id(row.id, self._source, row.thread, *times)
        for each in (row.id, other) if fields.usable_id(row.id) else (other,):
            if (entry, each) in self._published:
                continue
            if found := self._tried(row, entry, each):
                return found
        return Skipped(row.place, f"{row.id} and {other} are the ids of others")

    def _tried(self, row: Row, entry: str, new: str) -> Place | Skipped | None:
        """The response under this id, or None where that is another's."""
        queued = self._holdings.queued(new)
        if queued is not None and queued.date is None:
            reason = f"{new} was here and has been deleted for good"
            return Skipped(row.place, reason, expected=True)
        if new not in self._queued and queued is not None and queued.date == row.date:
            return self._placed(row, entry, new, queued)
        alone = new in self._queued or queued is not None
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


class _Parents:
    """Finds for each response what it answers: its parent, or who is nearest above it."""

    def __init__(
        self,
        survey: Survey,
        fates: Sequence[Place | Skipped],
        there: Mapping[tuple[str, str], Status],
    ) -> None:
        self._rows = survey.rows
        self._gone = dict(survey.gone)
        self._fates = fates
        self._there = there
        self._numbers: dict[tuple[str, str], int] = {}
        for number, row in enumerate(survey.rows):
            self._numbers.setdefault((row.thread, row.id), number)
        self._cut = self._circles()
        self._above: dict[tuple[int, bool], int | None] = {}

    def answered(self, number: int, place: Place) -> Place:
        """Return the place with what it answers."""
        row = self._rows[number]
        if row.parent is None:
            return place
        public = self._status(number) is Status.APPROVED
        found = self._nearest(number, public=public)
        parent = self._fates[found] if found is not None else None
        new = parent.id if isinstance(parent, Place) else None
        notes = place.notes
        if found is None or found != self._numbers.get((row.thread, row.parent)):
            where = f"stands below {new} now" if new else "stands at top level now"
            notes += (f"answered {row.parent!r}, which is not there or not published; {where}",)
        return replace(place, replyto=new, notes=notes)

    def _nearest(self, number: int, *, public: bool) -> int | None:
        """Who is above a response, and living: published, or for one that waits, waiting too."""
        walked = []
        here: int | None = number
        while True:
            if here is not None and (here, public) in self._above:
                here = self._above[here, public]
                break
            if here is None:
                break
            walked.append(here)
            here = self._parent(here) if here not in self._cut else None
            if here is not None and self._lives(here, public=public):
                break
        # All who were walked past, and not only the first, have this one above them.
        self._above.update({(each, public): here for each in walked})
        return here

    def _lives(self, number: int, *, public: bool) -> bool:
        status = self._status(number)
        return status is Status.APPROVED or (status is Status.PENDING and not public)

    def _status(self, number: int) -> Status | None:
        fate = self._fates[number]
        if isinstance(fate, Skipped):
            return None
        return self._there.get((fate.entry, fate.id), self._rows[number].status)

    def _parent(self, number: int) -> int | None:
        row = self._rows[number]
        above, passed = row.parent, []
        while above is not None and (row.thread, above) not in self._numbers:
            passed.append(above)
            # Taken out for now, so that no circle of them is walked twice.
            above = self._gone.pop((row.thread, above), None)
        self._gone.update({(row.thread, each): above for each in passed})
        return None if above is None else self._numbers[row.thread, above]

    def _circles(self) -> frozenset[int]:
        """One of each circle of answers: the one that comes first."""
        cut: set[int] = set()
        seen: set[int] = set()
        for start in range(len(self._rows)):
            path: list[int] = []
            here: int | None = start
            while here is not None and here not in seen:
                seen.add(here)
                path.append(here)
                here = self._parent(here)
            if here in path:
                cut.add(min(path[path.index(here) :]))
        return frozenset(cut)
