"""What each response answers, when some of those that were answered are not there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from afterword.importers import fields
from afterword.importers.claims import Place
from afterword.importers.findings import Skipped
from afterword.importers.survey import Survey
from afterword.model import Status


class Ancestry:
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
        if row.ours:
            return replace(place, replyto=self._as_it_was(row.thread, row.parent))
        public = self._status(number) is Status.APPROVED
        found = self._nearest(number, public=public)
        parent = self._fates[found] if found is not None else None
        new = parent.id if isinstance(parent, Place) else None
        notes = place.notes
        if found is None or found != self._numbers.get((row.thread, row.parent)):
            where = f"stands below {new} now" if new else "stands at top level now"
            notes += (f"answered {row.parent!r}, which is not there or not published; {where}",)
        return replace(place, replyto=new, notes=notes)

    def _as_it_was(self, thread: str, parent: str) -> str | None:
        """Whom a response of ours answers, in whatever state that one is, or is not there."""
        number = self._numbers.get((thread, parent))
        fate = self._fates[number] if number is not None else None
        if isinstance(fate, Place):
            return fate.id
        return parent if fields.usable_id(parent) else None

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
