"""What a decision makes of a submission. Pure: nothing is read or written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from afterword.errors import InvalidComment
from afterword.model import Status
from afterword.submission import Action, Decision, Door, Submission

TARGET: Final[Mapping[Action, Status]] = {
    Action.APPROVE: Status.APPROVED,
    Action.SPAM: Status.SPAM,
    Action.TRASH: Status.TRASH,
    Action.RESTORE: Status.PENDING,
    Action.WITHDRAW: Status.TRASH,
}
_BY_PEOPLE: Final = frozenset({Door.WEB, Door.CLI, Door.MAIL})
_LESSONS: Final = frozenset({Action.APPROVE, Action.SPAM, Action.TRASH, Action.RESTORE})


@dataclass(frozen=True, slots=True)
class Hand:
    """Who decides, and from where."""

    door: Door
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A submission as somebody saw it. Without a revision: as it is now."""

    id: str
    revision: int | None = None


class Result(StrEnum):
    """How an attempt to decide ended."""

    DONE = "done"
    ALREADY = "already"
    CHANGED = "changed"
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended for one submission, which is as it is afterwards.

    ``why`` is a sentence, empty when all went well.
    """

    id: str
    result: Result
    submission: Submission | None = None
    why: str = ""

    @property
    def ok(self) -> bool:
        """Whether things are now as they were asked to be."""
        return self.result in {Result.DONE, Result.ALREADY}


def decided(now: Submission, action: Action) -> Submission:
    """Return the submission as it is after a decision.

    It is unsettled wherever a published file has to appear, change or go.
    """
    status = TARGET[action]
    public = Status.APPROVED in {now.status, status}
    return replace(
        now,
        status=status,
        revision=now.revision + 1,
        settled=now.settled and not public,
        # Whoever withdraws a response may send it again.
        fingerprint=None if action is Action.WITHDRAW else now.fingerprint,
    )


def edited(  # a response has this many fields
    now: Submission, *, author: str, email: str, website: str | None, body: str
) -> Submission:
    """Return the submission with other words. Raises InvalidComment if they cannot be published."""
    after = replace(
        now,
        author=author,
        email=email,
        website=website,
        body=body,
        revision=now.revision + 1,
        settled=now.settled and now.status is not Status.APPROVED,
    )
    after.comment()
    return after


def is_done(now: Submission, action: Action, history: Sequence[Decision]) -> bool:
    """Whether a submission is already what a decision would make it.

    What only a rule took for spam is not: somebody may confirm that, and the filter learns.
    """
    if now.status is not TARGET[action]:
        return False
    return action is not Action.SPAM or taught(history) is now.status


def obstacle(now: Submission, action: Action) -> str:
    """Why a decision is impossible, or nothing."""
    if action is not Action.APPROVE:
        return ""
    try:
        now.comment()
    except InvalidComment as error:
        return f"it cannot be published: {error}"
    return ""


def record(  # noqa: PLR0913  # a decision has this many sides
    before: Submission,
    after: Submission,
    action: Action,
    *,
    hand: Hand,
    at: datetime,
    why: str = "",
) -> Decision:
    """Return the row of history for a change."""
    return Decision(
        submission=after.id,
        action=action,
        door=hand.door,
        by=hand.name,
        at=at,
        before=before.status,
        after=after.status,
        why=why,
    )


def taught(history: Sequence[Decision]) -> Status | None:
    """What people last decided a submission to be, which is what the filter has learnt."""
    for decision in reversed(history):
        if decision.door in _BY_PEOPLE and decision.action in _LESSONS:
            return decision.after
    return None


def latest(history: Sequence[Decision]) -> str:
    """Say who did what last, for somebody who came too late."""
    if not history:
        return "it has changed in the meantime"
    last = history[-1]
    when = last.at.strftime("%Y-%m-%d %H:%M UTC")
    return f"{last.by} has it as {last.after} since {when} ({last.action}, {last.door})"
