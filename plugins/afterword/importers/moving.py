"""Carries an import out: reads the source, decides, reads it again and writes.

Nothing is written before the whole source has been read, so that a broken one is refused whole.
What is written is written in small portions, each of them safe on disk before the next; what an
interrupted import has not done, the same command does when it is given again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final, TypeVar

from afterword.entries import Entry
from afterword.errors import AfterwordError
from afterword.importers import findings, matching
from afterword.importers.claims import Fate, Held, Holdings, Place
from afterword.importers.entryfiles import EntryFiles, Standing
from afterword.importers.findings import Response, Skipped, Source
from afterword.importers.plan import plan
from afterword.importers.report import Changed, Matched, Report
from afterword.importers.submissions import submission
from afterword.importers.survey import Row, Survey
from afterword.model import Status
from afterword.moderation import Transfer
from afterword.submission import Submission

_AT_ONCE: Final = 100
_GONE: Final = Held(None, Status.TRASH)
_UNREADABLE: Final = Held(datetime.min.replace(tzinfo=UTC), Status.APPROVED)

Tell = Callable[[str, int, int], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wish:
    """How to import. ``said`` names the entry of a thread, by its address or id.

    ``update`` overwrites the words of responses that are there already; ``keep`` takes threads
    without an entry; ``dry_run`` writes nothing.
    """

    update: bool = False
    keep: bool = False
    dry_run: bool = False
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Job:
    """A response, where it goes, and from where its relative links lead."""

    found: Response
    place: Place | Skipped
    base: str


@dataclass(frozen=True)
class Move:
    """Moves what a source has to a site that has these entries.

    ``tell`` is told how far it has got: what is being done, how much of it is done, and how
    much there is, or 0.
    """

    source: Source
    entries: Mapping[str, Entry]
    files: EntryFiles
    transfer: Transfer
    wish: Wish
    tell: Tell = lambda *_: None

    def run(self) -> Report:
        """Do it all. Raises ImportRefused, with nothing written, and StoreError."""
        survey = self._survey()
        matches = matching.match(
            survey.threads.values(),
            self.entries,
            self.wish.said,
            keep=self.wish.keep,
            own={each.id for each in survey.entries},
        )
        report = Report(self.source.name, self.wish.dry_run, read=_read(survey))
        report.skipped += survey.skipped
        report.threads += _matched(survey, matches)
        places = plan(survey, matches, self.source.name, self._holdings(survey.rows))
        done = 0
        for portion in _portions(self._placed(places, survey), _AT_ONCE):
            self._carry_out(portion, report)
            done += len(portion)
            self.tell("writing", done, len(places) + len(survey.entries))
        return report

    def _survey(self) -> Survey:
        survey = Survey()
        for number, found in enumerate(self.source.read()):
            if isinstance(found, findings.Entry) and (obstacle := self._obstacle(found)):
                # Its responses may belong to the entry that is there.
                survey.take(found.thread)
                survey.take(obstacle)
            else:
                survey.take(found)
            if number % _AT_ONCE == 0:
                self.tell("reading", number, 0)
        return survey

    def _holdings(self, rows: Sequence[Row]) -> Holdings:
        """What the queue and the files have under the ids that these rows may get."""
        known: dict[str, Held] = {}
        ids = (each for row in rows for each in row.ids(self.source.name))
        for portion in _portions(ids, _AT_ONCE * 2):
            for each, row in self.transfer.store.look_up(portion).items():
                known[each] = Held(row.date, row.status) if row else _GONE
        return Holdings(known.get, self._file)

    def _file(self, entry: str, submission_id: str) -> Held | None:
        press = self.transfer.press
        if not press.has(entry, submission_id):
            return None
        comment = press.read(entry, submission_id)
        return Held(comment.date, Status.APPROVED) if comment else _UNREADABLE

    def _placed(
        self, places: Sequence[Place | Skipped], survey: Survey
    ) -> Iterator[_Job | findings.Entry]:
        waiting = iter(places)
        for found in self.source.read():
            if isinstance(found, Response):
                thread = survey.threads.get(found.thread)
                yield _Job(found, next(waiting), thread.url if thread else "")
            elif isinstance(found, findings.Entry):
                yield found

    def _carry_out(self, portion: Sequence[_Job | findings.Entry], report: Report) -> None:
        """Write a portion, and report of each of it once."""
        new: list[tuple[Response, Submission]] = []
        for job in portion:
            if isinstance(job, findings.Entry):
                self._enter(job, report)
                continue
            found, place = job.found, job.place
            if isinstance(place, Skipped):
                report.skipped.append(place)
                continue
            wanted, notes = submission(found, place, job.base)
            if place.alone:
                self._publish_alone(found, wanted, place, report)
            elif place.fate is Fate.ADD:
                new.append((found, wanted))
            elif not self._again(wanted, found, report):
                continue
            report.changed += [
                Changed(found.place, place.id, why)
                for why in (*place.notes, *notes)
                if place.fate is Fate.ADD
            ]
        self._add(new, report)

    def _obstacle(self, entry: findings.Entry) -> Skipped | None:
        """Why the file of a post or page is not written, if it is not."""
        place = entry.thread.place
        try:
            there = self.files.standing(entry)
        except AfterwordError as error:
            return Skipped(place, str(error))
        if there is Standing.OTHER:
            return Skipped(place, f"{entry.file} is there, and is not what would be imported")
        if there is Standing.ABSENT and entry.thread.key in self.entries:
            reason = "is on the site already, in another file"
            return Skipped(place, reason, expected=True)
        return None

    def _enter(self, entry: findings.Entry, report: Report) -> None:
        """Write the file of a post or page, unless it is there."""
        if self._obstacle(entry):
            return  # reported with what the survey has left out
        there = self.files.standing(entry)
        stale = there is Standing.EDITED and self.wish.update
        try:
            if (stale or there is Standing.ABSENT) and not self.wish.dry_run:
                self.files.bring(entry)
                self.files.write(entry, replace=stale)
        except AfterwordError as error:
            report.skipped.append(Skipped(entry.thread.place, str(error)))
            return
        if there is Standing.ABSENT:
            report.changed += [
                Changed(entry.thread.place, entry.file, each) for each in entry.notes
            ]
        report.entries += there is Standing.ABSENT
        report.updated += stale
        report.already += there is not Standing.ABSENT and not stale

    def _add(self, new: Sequence[tuple[Response, Submission]], report: Report) -> None:
        troubles: Sequence[str] = [""] * len(new)
        if new and not self.wish.dry_run:
            troubles = self.transfer.admit([each for _, each in new], self._why())
        for (found, each), trouble in zip(new, troubles, strict=True):
            if trouble:
                report.skipped.append(Skipped(found.place, trouble))
            else:
                report.added[each.status] += 1

    def _publish_alone(
        self, found: Response, wanted: Submission, place: Place, report: Report
    ) -> None:
        """A file without a row in the queue: written if it is not there, or to be updated."""
        try:
            there = self.transfer.press.read(wanted.entry, wanted.id)
            stale = place.fate is Fate.ALREADY and self.wish.update and there != wanted.comment()
            if not self.wish.dry_run and (stale or place.fate is Fate.ADD):
                self.transfer.publish_alone(wanted.comment(), update=stale)
        except AfterwordError as error:
            report.skipped.append(Skipped(found.place, str(error)))
            return
        if place.fate is Fate.ADD:
            report.added[Status.APPROVED] += 1
        elif stale:
            report.updated += 1
        else:
            report.already += 1

    def _again(self, wanted: Submission, found: Response, report: Report) -> bool:
        """What is there already: finish it if it was interrupted, or give it other words."""
        store = self.transfer.store
        now = store.get(wanted.id)
        if now is None:
            self._adopt(wanted, report)
            return False
        trouble = ""
        if not self.wish.dry_run and not now.settled and now.status is Status.APPROVED:
            (trouble,) = self.transfer.publish([now])
            now = store.get(wanted.id) or now
        # Of what was erased on request nothing comes back.
        if trouble or not self.wish.update or not now.author or now == now.reworded(wanted):
            if trouble:
                report.skipped.append(Skipped(found.place, trouble))
            else:
                report.already += 1
            return False
        if not self.wish.dry_run:
            trouble = self.transfer.update(now, wanted, self._why())
        if trouble:
            report.skipped.append(Skipped(found.place, trouble))
        else:
            report.updated += 1
        return True

    def _adopt(self, wanted: Submission, report: Report) -> None:
        """A published file that the queue knows nothing of, which has the e-mail address now."""
        published = self.transfer.press.read(wanted.entry, wanted.id)
        if published and not self.wish.dry_run:
            known = replace(
                wanted,
                author=published.author,
                body=published.body,
                website=published.website,
                replyto=published.replyto,
                status=Status.APPROVED,
                settled=True,
            )
            self.transfer.admit([known], self._why())
        report.already += 1

    def _why(self) -> str:
        return f"imported from {self.source.name}"


def _read(survey: Survey) -> int:
    return len(survey.rows) + len(survey.entries) + len(survey.skipped)


def _matched(survey: Survey, matches: Mapping[str, matching.Match]) -> Sequence[Matched]:
    answered = {row.thread: None for row in survey.rows}
    return [
        Matched(name, survey.threads[name].url, matches[name].key, matches[name].how)
        for name in answered
        if name in matches
    ]


def _portions(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    iterator = iter(items)
    while portion := list(islice(iterator, size)):
        yield portion
