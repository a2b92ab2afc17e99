"""Where decisions are carried out: recorded first, then published, and repaired if killed between.

A decision is on disk before a file is touched, so that whatever happens in between,
``reconcile`` knows what was meant and finishes it.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from afterword.antispam import Circumstances, Evidence, Policy, judge, lessons, words
from afterword.errors import AfterwordError, IdTaken, InvalidComment, NoSubmission
from afterword.model import Comment, Status
from afterword.moderation import decisions
from afterword.moderation.decisions import Hand, Outcome, Result, Seen
from afterword.moderation.press import Press
from afterword.store import Addition, Lesson, Limit, Query, Store
from afterword.submission import (
    Action,
    Decision,
    Door,
    Reason,
    Submission,
    Verdict,
)

log: Final = logging.getLogger(__name__)

_RULES: Final = Hand(Door.RULE, "rules")
_SYSTEM: Final = Hand(Door.SYSTEM, "afterword")
_READER: Final = Hand(Door.FORM, "reader")
# With what was sent in since then a new submission is compared.
_MEMORY: Final = timedelta(days=30)
_LIFE: Final = "queue-life"

Adviser = Callable[[Submission, Circumstances], Iterable[Reason]]
# What was kept, and whether it is new.
Received = tuple[Submission, bool]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new submission as it came in; ``taken`` are the ids that it cannot have."""

    new: Submission
    circumstances: Circumstances
    limit: Limit | None = None
    taken: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What ``reconcile`` did: ids it settled, and (id, why) for those it could not."""

    settled: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    after: Submission
    row: Decision
    learnt: tuple[Lesson, ...]


def _already(now: Submission) -> Outcome:
    return Outcome(now.id, Result.ALREADY, now)


@dataclass(frozen=True)
class Desk:
    """Everything that can be done with submissions. Safe to use from many threads at once.

    ``new_id`` makes ids, ``clock`` tells the time in UTC, and ``adviser`` may add reasons from
    elsewhere to what the rules find.
    """

    store: Store
    press: Press
    policy: Policy
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    adviser: Adviser | None = None

    # What readers do

    def receive(
        self,
        new: Submission,
        circumstances: Circumstances,
        *,
        limit: Limit | None = None,
        taken: Collection[str] = (),
    ) -> Received:
        """Judge and keep a new submission; on disk when this returns. Its id is made here.

        The same form sent again returns the first one, and False for "not new".
        Raises LimitReached and StoreError.
        """
        (received,) = self.receive_all([Arrival(new, circumstances, limit, taken)])
        if isinstance(received, Exception):
            raise received
        return received

    def receive_all(self, arrivals: Sequence[Arrival]) -> Sequence[Received | AfterwordError]:
        """Receive many, each for itself but with one wait for the disk. Raises StoreError."""
        judged = [each.new.judged(self._judge(each.new, each.circumstances)) for each in arrivals]
        received: dict[int, Received | AfterwordError] = {}
        while waiting := [number for number in range(len(arrivals)) if number not in received]:
            named = [self._named(judged[number], arrivals[number].taken) for number in waiting]
            additions = [
                Addition(each, self._first(each), arrivals[number].limit)
                for number, each in zip(waiting, named, strict=True)
            ]
            for number, each, kept in zip(
                waiting, named, self.store.add_all(additions), strict=True
            ):
                if isinstance(kept, IdTaken):
                    continue
                if isinstance(kept, AfterwordError):
                    received[number] = kept
                else:
                    received[number] = self._received(kept, is_new=kept.id == each.id)
        return [received[number] for number in range(len(arrivals))]

    def _named(self, judged: Submission, taken: Collection[str]) -> Submission:
        settled = judged.status is not Status.APPROVED
        while (name := self.new_id()) in taken:
            pass
        return replace(judged, id=name, date=self._now(), settled=settled)

    def _received(self, kept: Submission, *, is_new: bool) -> Received:
        if is_new and kept.status is Status.APPROVED:
            self._settle(kept.id)
        return kept, is_new

    def revise(  # a response has this many fields
        self, seen: Seen, *, author: str, email: str, website: str | None, body: str
    ) -> Outcome:
        """Let a reader change a response that waits; it is judged anew, never approved so."""

        def change(now: Submission) -> Submission:
            after = decisions.edited(now, author=author, email=email, website=website, body=body)
            verdict = self._judge(after, Circumstances(honeypot="", form_age=_MEMORY))
            if verdict.status is Status.APPROVED:
                verdict = replace(verdict, status=Status.PENDING)
            return after.judged(verdict)

        return self._edit(seen, _READER, change, allowed=self.is_open)

    def withdraw(self, seen: Seen) -> Outcome:
        """Let a reader take back a response that waits."""
        return self._decide(seen, Action.WITHDRAW, _READER, allowed=self.is_open)

    def is_open(self, submission: Submission) -> bool:
        """Whether its reader may still change it: nobody has decided about it."""
        if submission.status is Status.PENDING:
            return True
        return submission.status is Status.SPAM and self._taught(submission.id) is None

    # What moderators do

    def decide(
        self, seen: Sequence[Seen], action: Action, hand: Hand, why: str = ""
    ) -> tuple[Outcome, ...]:
        """Approve, mark as spam, put into the trash, or put back into the queue.

        Each is decided for itself. To decide the same again is fine; who decides the opposite
        of what somebody else just did is told so, and nothing changes.
        """
        return tuple(self._decide(each, action, hand, why) for each in seen)

    def edit(  # noqa: PLR0913  # a response has this many fields
        self, seen: Seen, hand: Hand, *, author: str, email: str, website: str | None, body: str
    ) -> Outcome:
        """Change the words of a response, published or not."""

        def change(now: Submission) -> Submission:
            return decisions.edited(now, author=author, email=email, website=website, body=body)

        return self._edit(seen, hand, change)

    def reply(self, to: str, body: str, author: str, hand: Hand) -> Submission:
        """Publish the post author's answer to a response; that one is approved first.

        Raises NoSubmission, InvalidComment, and what publishing raises.
        """
        parent = self.get(to)
        if parent.status is not Status.APPROVED:
            outcome = self._decide(Seen(to, parent.revision), Action.APPROVE, hand)
            if not outcome.ok:
                raise InvalidComment("replyto", outcome.why)
        while True:
            answer = Submission(
                id=self.new_id(),
                entry=parent.entry,
                author=author,
                body=body,
                date=self._now(),
                replyto=parent.id,
                by_author=True,
                status=Status.APPROVED,
                settled=False,
            )
            answer.comment()
            try:
                kept = self.store.add(answer, self._first(answer, hand))
            except IdTaken:
                continue
            self._settle(kept.id)
            return kept

    def get(self, submission_id: str) -> Submission:
        """Return a submission. Raises NoSubmission."""
        found = self.store.get(submission_id)
        if found is None:
            raise NoSubmission(submission_id)
        return found

    def published(self, submission: Submission) -> Comment | None:
        """An approved response as its file has it now, perhaps edited by hand."""
        try:
            return self.press.read(submission.entry, submission.id)
        except AfterwordError:
            return None

    # What keeps the files in step

    def reconcile(self) -> Report:
        """Finish every decision that was recorded and not carried out. Safe at any time."""
        return self._finish(each.id for each in self.store.unsettled())

    def _finish(self, ids: Iterable[str]) -> Report:
        settled, failed = [], []
        for each in ids:
            try:
                self._settle(each)
            except AfterwordError as error:
                failed.append((each, str(error)))
            else:
                settled.append(each)
        return Report(tuple(settled), tuple(failed), tuple(self._missing()))

    def restore(self, backup: Path) -> Report:
        """Put a backup in place of the whole queue, and the files in step with it.

        What was approved and has no file any more gets one again. Raises StoreError for what is
        no backup; then nothing has changed.
        """
        self.store.restore(backup)
        self.store.keep(_LIFE, self.new_id())
        return self._finish([each.id for each in self.store.unsettled()] + list(self._missing()))

    def life(self) -> str:
        """What changes when the queue is restored, and its changes are counted anew."""
        return self.store.recall(_LIFE) or ""

    def _missing(self) -> Iterable[str]:
        """Approved ones whose file somebody has removed: that is a decision too, not an error."""
        offset, step = 0, 500
        while True:
            page = self.store.find(
                Query(status=Status.APPROVED, offset=offset, limit=step)
            ).submissions
            for each in page:
                if each.settled and not self.press.has(each.entry, each.id):
                    yield each.id
            if len(page) < step:
                return
            offset += step

    def _decide(
        self,
        seen: Seen,
        action: Action,
        hand: Hand,
        why: str = "",
        allowed: Callable[[Submission], bool] = bool,
    ) -> Outcome:
        def change(now: Submission, history: Sequence[Decision]) -> _Change:
            if reason := decisions.obstacle(now, action):
                raise InvalidComment("response", reason)
            after = decisions.decided(now, action)
            lesson = lessons(words(now), decisions.taught(history), after.status)
            learnt = () if hand.door is Door.FORM or lesson is None else (lesson,)
            row = decisions.record(now, after, action, hand=hand, at=self.clock(), why=why)
            return _Change(after, row, learnt)

        now = self.store.get(seen.id)
        if now and decisions.is_done(now, action, self.store.history(now.id)):
            return self._publish(now, now) if not now.settled else _already(now)
        return self._change(seen, change, allowed)

    def _edit(
        self,
        seen: Seen,
        hand: Hand,
        edit: Callable[[Submission], Submission],
        allowed: Callable[[Submission], bool] = bool,
    ) -> Outcome:
        def change(now: Submission, history: Sequence[Decision]) -> _Change:
            after = edit(now)
            row = decisions.record(now, after, Action.EDIT, hand=hand, at=self.clock())
            return _Change(after, row, _relearn(now, after, decisions.taught(history)))

        return self._change(seen, change, allowed)

    def _change(
        self,
        seen: Seen,
        change: Callable[[Submission, Sequence[Decision]], _Change],
        allowed: Callable[[Submission], bool],
    ) -> Outcome:
        """Change a submission as it was seen, and publish that; or say why not."""
        now = self.store.get(seen.id)
        if now is None:
            return Outcome(seen.id, Result.MISSING, None, str(NoSubmission(seen.id)))
        history = self.store.history(now.id)
        if seen.revision not in {None, now.revision} or not allowed(now):
            return Outcome(now.id, Result.CHANGED, now, decisions.latest(history))
        try:
            new = change(now, history)
        except InvalidComment as error:
            return Outcome(now.id, Result.FAILED, now, str(error))
        if not self.store.change(new.after, new.row, new.learnt):
            return self._too_late(new.after)
        return self._publish(now, new.after)

    def _publish(self, before: Submission, after: Submission) -> Outcome:
        """Bring the file in step with a decision, or take the decision back."""
        if after.settled:
            return Outcome(after.id, Result.DONE, after)
        try:
            self._settle(after.id)
        except (AfterwordError, OSError) as error:
            log.warning("not published", extra={"submission": after.id, "reason": str(error)})
            if before.status is not Status.APPROVED and after.status is Status.APPROVED:
                self._take_back(before, after, str(error))
            return Outcome(after.id, Result.FAILED, self.store.get(after.id), str(error))
        return Outcome(after.id, Result.DONE, self.store.get(after.id) or after)

    def _take_back(self, before: Submission, after: Submission, why: str) -> None:
        """An approval that could not be published is none; its file, if any, is to go."""
        back = replace(after, status=before.status, revision=after.revision + 1, settled=False)
        row = decisions.record(after, back, Action.RESTORE, hand=_SYSTEM, at=self.clock(), why=why)
        if self.store.change(back, row):
            try:
                self._settle(back.id)
            except (AfterwordError, OSError):
                log.warning("left for reconcile", extra={"submission": back.id})

    def _settle(self, submission_id: str) -> None:
        """Make the files show what is decided; one at a time, and always the latest."""
        with self.press.turn():
            now = self.get(submission_id)
            while True:
                if now.status is Status.APPROVED:
                    self.press.put(now.comment())
                else:
                    self.press.remove(now.entry, now.id)
                if self.store.settle(now.id, now.revision):
                    return
                now = self.get(submission_id)

    def _too_late(self, wanted: Submission) -> Outcome:
        now = self.store.get(wanted.id)
        if now is not None and now.status is wanted.status and now.digest == wanted.digest:
            return Outcome(now.id, Result.ALREADY, now)
        why = decisions.latest(self.store.history(wanted.id))
        return Outcome(wanted.id, Result.CHANGED, now, why)

    def _judge(self, new: Submission, circumstances: Circumstances) -> Verdict:
        found = words(new)
        facts, tally = self.store.evidence(new, self.clock() - _MEMORY, found)
        evidence = Evidence(new, circumstances, self.policy, facts, tally, found)
        return judge(evidence, self.adviser(new, circumstances) if self.adviser else ())

    def _first(self, new: Submission, hand: Hand | None = None) -> Decision:
        by_rule = new.status is not Status.PENDING
        hand = hand or (_RULES if by_rule else _READER)
        action = Action.APPROVE if hand.door not in {Door.RULE, Door.FORM} else Action.RECEIVE
        return Decision(
            submission=new.id,
            action=action,
            door=hand.door,
            by=hand.name,
            at=self.clock(),
            before=None,
            after=new.status,
        )

    def _taught(self, submission_id: str) -> Status | None:
        return decisions.taught(self.store.history(submission_id))

    def _now(self) -> datetime:
        return self.clock().replace(microsecond=0)


def _relearn(before: Submission, after: Submission, taught: Status | None) -> tuple[Lesson, ...]:
    """Teach the filter new words in place of the old ones."""
    if words(before) == words(after):
        return ()
    both = (lessons(words(before), taught, Status.PENDING), lessons(words(after), None, taught))
    return tuple(lesson for lesson in both if lesson)
