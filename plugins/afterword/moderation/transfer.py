"""Responses that were decided elsewhere, taken in as they are: no rule judges them again.

As at the desk, what is decided is on disk before a file is touched: whatever happens in
between, ``Desk.reconcile`` or the same transfer once more finishes it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from afterword.errors import AfterwordError, InvalidComment, WriteError
from afterword.model import Comment, Status
from afterword.moderation.decisions import Hand, record
from afterword.moderation.press import Press
from afterword.store import Addition, Store
from afterword.submission import Action, Decision, Submission


@dataclass(frozen=True)
class Transfer:
    """Takes responses in. ``hand`` says who does so, ``clock`` tells the time in UTC.

    What is wrong with one response is said of that one. What would be so with all of them, such
    as a full disk, is raised as WriteError, once the others are taken care of.
    """

    store: Store
    press: Press
    hand: Hand
    clock: Callable[[], datetime]

    def admit(self, new: Sequence[Submission], why: str) -> Sequence[str]:
        """Keep these, and publish those that are approved and not settled yet.

        Returns for each why it was not kept or not published; nothing where all went well.
        Raises StoreError; then nothing was kept.
        """
        added = self.store.add_all([Addition(each, self._first(each, why)) for each in new])
        troubles = [str(each) if isinstance(each, AfterwordError) else "" for each in added]
        kept = [each for each, trouble in zip(new, troubles, strict=True) if not trouble]
        published = dict(zip([each.id for each in kept], self.publish(kept), strict=True))
        return [trouble or published[each.id] for each, trouble in zip(new, troubles, strict=True)]

    def publish(self, kept: Sequence[Submission]) -> Sequence[str]:
        """Write the files of those that are approved and not settled; return why not for each.

        No file is overwritten.
        """
        troubles: dict[str, str] = {}
        waiting = [each for each in kept if each.status is Status.APPROVED and not each.settled]
        if not waiting:
            return ["" for _ in kept]
        comments: dict[str, Comment] = {}
        for each in waiting:
            try:
                comments[each.id] = each.comment()
            except InvalidComment as error:
                troubles[each.id] = str(error)
        with self.press.turn():
            added = self.press.add(list(comments.values()))
            troubles |= {n: str(why) for n, why in zip(comments, added, strict=True) if why}
            shown = [(each.id, each.revision) for each in waiting if each.id not in troubles]
            self.store.settle_all(shown)
        for trouble in filter(None, added):
            _told(trouble)
        return [troubles.get(each.id, "") for each in kept]

    def publish_alone(self, comments: Sequence[Comment]) -> Sequence[str]:
        """Write the files of responses that the queue does not have; return why not for each."""
        with self.press.turn():
            return [_told(trouble) if trouble else "" for trouble in self.press.add(comments)]

    def overwrite_alone(self, comment: Comment) -> str:
        """Write such a file anew; return why that was not done, or nothing."""
        try:
            with self.press.turn():
                self.press.put(comment)
        except AfterwordError as error:
            return _told(error)
        return ""

    def tidy(self) -> None:
        """Remove what a killed process has left of files. Raises WriteError."""
        with self.press.turn():
            self.press.tidy()

    def update(self, now: Submission, wanted: Submission, why: str) -> str:
        """Give a response the words, parent and kind that it has elsewhere, not the state.

        Returns why that was not done, or nothing.
        """
        public = now.status is Status.APPROVED
        after = replace(
            now.reworded(wanted),
            revision=now.revision + 1,
            settled=now.settled and not public,
        )
        row = record(now, after, Action.EDIT, hand=self.hand, at=self.clock(), why=why)
        try:
            with self.press.turn():
                if not self.store.change(after, row):
                    return "it was changed by somebody else at the same moment"
                if public:
                    self.press.put(after.comment())
                    self.store.settle(after.id, after.revision)
        except AfterwordError as error:
            return _told(error)
        return ""

    def _first(self, new: Submission, why: str) -> Decision:
        return Decision(
            submission=new.id,
            action=Action.RECEIVE,
            door=self.hand.door,
            by=self.hand.name,
            at=self.clock(),
            before=None,
            after=new.status,
            why=why,
        )


def _told(trouble: AfterwordError) -> str:
    """Say what is wrong with a response; raise what would be wrong with any."""
    if isinstance(trouble, WriteError) and trouble.lasting:
        raise trouble
    return str(trouble)
