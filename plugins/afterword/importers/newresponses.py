"""Responses on their way to the site: written, found there already, or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from afterword.importers.claims import Fate, Place
from afterword.importers.findings import Response, Skipped
from afterword.importers.report import Changed, Report
from afterword.importers.submissions import losses, submission
from afterword.model import Comment, Status
from afterword.moderation import Transfer
from afterword.submission import Submission


@dataclass(frozen=True)
class Job:
    """A response, where it goes, and from where its relative links lead."""

    found: Response
    place: Place
    base: str

    @cached_property
    def wanted(self) -> Submission:
        """The response as the queue keeps it. Its text may have to be converted for that."""
        return submission(self.found, self.place, self.base)

    def prepared(self) -> "Job":
        """The same, with its text converted already."""
        _ = self.wanted
        return self


@dataclass(frozen=True)
class NewResponses:
    """Those of one source.

    ``update`` gives those that are there the words that they have in the source; ``dry_run``
    writes nothing.
    """

    transfer: Transfer
    source: str
    update: bool
    dry_run: bool

    def take(self, jobs: Sequence[Job], report: Report) -> None:
        """Do what is to be done about these, and report of each of them once."""
        new = [each for each in jobs if each.place.fate is Fate.ADD]
        old = [each for each in jobs if each.place.fate is not Fate.ADD]
        self._add([each for each in new if not each.place.alone], report)
        self._add_alone([each for each in new if each.place.alone], report)
        self._again([each for each in old if not each.place.alone], report)
        for each in old:
            if each.place.alone:
                self._again_alone(each, report)
        for each in new:
            why = (*each.place.notes, *losses(each.found, each.place))
            report.changed += [Changed(each.found.place, each.place.id, note) for note in why]

    def _add(self, new: Sequence[Job], report: Report) -> None:
        troubles: Sequence[str] = [""] * len(new)
        if new and not self.dry_run:
            troubles = self.transfer.admit([each.wanted for each in new], self._why)
        self._added(new, troubles, report)

    def _add_alone(self, new: Sequence[Job], report: Report) -> None:
        """Files without a row in the queue."""
        troubles: Sequence[str] = [""] * len(new)
        if new and not self.dry_run:
            troubles = self.transfer.publish_alone([each.wanted.comment() for each in new])
        self._added(new, troubles, report)

    def _added(self, new: Sequence[Job], troubles: Sequence[str], report: Report) -> None:
        for each, trouble in zip(new, troubles, strict=True):
            if trouble:
                report.skipped.append(Skipped(each.found.place, trouble))
            else:
                report.added[each.found.status] += 1

    def _again(self, old: Sequence[Job], report: Report) -> None:
        """What is there already: finish it if it was interrupted, or give it other words."""
        known = self.transfer.store.look_up([each.place.id for each in old])
        troubles = self._finish([each for each in known.values() if each])
        unknown = [each for each in old if known.get(each.place.id) is None]
        self._adopt(unknown)
        report.already += len(unknown)
        for each in old:
            now = known.get(each.place.id)
            if now is None:
                continue
            if trouble := troubles.get(now.id, ""):
                report.skipped.append(Skipped(each.found.place, trouble))
            elif self.update:
                self._reword(each, report)
            else:
                report.already += 1

    def _finish(self, known: Sequence[Submission]) -> Mapping[str, str]:
        """Publish what was interrupted before it was; say of which that did not work, and why."""
        waiting = [each for each in known if not each.settled and each.status is Status.APPROVED]
        if self.dry_run or not waiting:
            return {}
        troubles = self.transfer.publish(waiting)
        return {each.id: why for each, why in zip(waiting, troubles, strict=True) if why}

    def _reword(self, job: Job, report: Report) -> None:
        """Give a response the words that it has in the source; of what was erased none."""
        now = self.transfer.store.get(job.place.id)
        wanted = job.wanted
        if now is None or not now.author or now == now.reworded(wanted):
            report.already += 1
            return
        trouble = "" if self.dry_run else self.transfer.update(now, wanted, self._why)
        if trouble:
            report.skipped.append(Skipped(job.found.place, trouble))
        else:
            report.updated += 1

    def _adopt(self, unknown: Sequence[Job]) -> None:
        """Published files that the queue knows nothing of, which has the e-mail addresses now."""
        adopted = []
        for each in unknown:
            published = self.transfer.press.read(each.place.entry, each.place.id)
            if published:
                adopted.append(_adopted(each.wanted, published))
        if adopted and not self.dry_run:
            self.transfer.admit(adopted, self._why)

    def _again_alone(self, job: Job, report: Report) -> None:
        comment = job.wanted.comment() if self.update else None
        there = self.transfer.press.read(job.place.entry, job.place.id)
        if comment is None or there == comment:
            report.already += 1
            return
        trouble = "" if self.dry_run else self.transfer.overwrite_alone(comment)
        if trouble:
            report.skipped.append(Skipped(job.found.place, trouble))
        else:
            report.updated += 1

    @property
    def _why(self) -> str:
        return f"imported from {self.source}"


def _adopted(wanted: Submission, published: Comment) -> Submission:
    return replace(
        wanted,
        author=published.author,
        body=published.body,
        website=published.website,
        replyto=published.replyto,
        status=Status.APPROVED,
        settled=True,
    )
