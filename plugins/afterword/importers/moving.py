"""Carries an import out: reads the source, decides, reads it again and writes.

Nothing is written before the whole source has been read, so that a broken one is refused whole.
What is written is written in small portions, each of them safe on disk before the next; what an
interrupted import has not done, the same command does when it is given again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from afterword.entries import Entry
from afterword.importers import findings, matching
from afterword.importers.claims import Fate, Place
from afterword.importers.entryfiles import EntryFiles
from afterword.importers.findings import Response, Skipped, Source
from afterword.importers.inventory import inventory
from afterword.importers.newposts import NewPosts
from afterword.importers.newresponses import Job, NewResponses
from afterword.importers.plan import plan
from afterword.importers.portions import ahead, portions
from afterword.importers.report import Matched, Report
from afterword.importers.survey import Survey
from afterword.moderation import Transfer

# So many are written before somebody waits for the disk.
_AT_ONCE: Final = 250
# … or so many letters.
_MOST_LETTERS: Final = 4_000_000

Tell = Callable[[str, int, int], object]
Step = Job | Skipped | findings.Entry


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
        """Do it all. Raises ImportRefused, with nothing written, and StoreError or WriteError."""
        posts = NewPosts(self.files, self.entries, self.wish.update, self.wish.dry_run)
        survey = self._survey(posts)
        matches = matching.match(
            survey.threads.values(),
            self.entries,
            self.wish.said,
            keep=self.wish.keep,
            own={*(each.id for each in survey.entries), *posts.moved},
        )
        report = Report(self.source.name, self.wish.dry_run, read=_read(survey))
        report.skipped += survey.skipped
        report.threads += _matched(survey, matches)
        held = inventory(self.transfer, survey.rows, self.source.name)
        places = plan(survey, matches, self.source.name, held)
        if not self.wish.dry_run:
            self._tidy(survey)
        self._write(self._steps(places, survey), posts, report)
        return report

    def _tidy(self, survey: Survey) -> None:
        """Remove what an import that was killed has left of files."""
        self.transfer.tidy()
        if survey.entries:
            self.files.tidy()

    def _survey(self, posts: NewPosts) -> Survey:
        survey = Survey()
        for number, found in enumerate(self.source.read()):
            if isinstance(found, findings.Entry):
                obstacle = posts.look_at(found)
                # Its responses may belong to the entry that is there.
                survey.take(obstacle or found)
                survey.meet(_renamed(found.thread, posts.moved))
            else:
                survey.take(found)
            if number % _AT_ONCE == 0:
                self.tell("reading", number, 0)
        return survey

    def _steps(self, places: Sequence[Place | Skipped], survey: Survey) -> Iterator[Step]:
        waiting = iter(places)
        for found in self.source.read():
            if isinstance(found, Response):
                place = next(waiting)
                thread = survey.threads.get(found.thread)
                base = thread.url if thread else ""
                yield place if isinstance(place, Skipped) else self._job(found, place, base)
            elif isinstance(found, findings.Entry):
                yield found

    def _job(self, found: Response, place: Place, base: str) -> Job:
        job = Job(found, place, base)
        sure = place.fate is Fate.ADD and not self.wish.dry_run
        return job.prepared() if sure else job

    def _write(self, steps: Iterator[Step], posts: NewPosts, report: Report) -> None:
        wish = self.wish
        responses = NewResponses(self.transfer, self.source.name, wish.update, wish.dry_run)
        total = report.read - len(report.skipped)
        done = 0
        # What comes next is read and converted while this waits for the disk.
        for portion in ahead(portions(steps, _AT_ONCE, _weight, _MOST_LETTERS)):
            report.skipped += (step for step in portion if isinstance(step, Skipped))
            responses.take([step for step in portion if isinstance(step, Job)], report)
            for step in portion:
                if isinstance(step, findings.Entry):
                    posts.take(step, report)
            done += len(portion)
            self.tell("writing", done, total)


def _renamed(thread: findings.Thread, moved: Mapping[str, str]) -> findings.Thread:
    return replace(thread, key=moved.get(thread.id, thread.key))


def _weight(step: Step) -> int:
    return len(step.found.body) if isinstance(step, Job) else 0


def _read(survey: Survey) -> int:
    return len(survey.rows) + len(survey.entries) + len(survey.skipped)


def _matched(survey: Survey, matches: Mapping[str, matching.Match]) -> Sequence[Matched]:
    answered = {row.thread: None for row in survey.rows}
    return [
        Matched(name, survey.threads[name].url, matches[name].key, matches[name].how)
        for name in answered
        if name in matches
    ]
