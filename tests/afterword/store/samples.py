"""Submissions and decisions to put into stores."""

from dataclasses import replace
from datetime import datetime, timedelta

from afterword.model import Status
from afterword.store import Letter
from afterword.submission import Action, Decision, Door, Reason, Submission
from tests.afterword.store.conftest import NOW

SAMPLE = Submission(
    id="a1",
    entry="first",
    author="Dave",
    body="Networks *work*.\n\n\u2028 🎉 %_\\ '\";--",
    date=NOW,
    email="Dave@Example.org",
    website="https://example.org/?q=ü",
    replyto="17",
    score=1.5,
    reasons=(Reason("links", 2.5, "has 3 links"), Reason("known", -1.0, "“yes”")),
    address="f00",
    wants_mail=True,
    fingerprint="fp-a1",
)


def sample(number: int, **changes: object) -> Submission:
    """The sample with another id, one second later for each number."""
    each = replace(
        SAMPLE,
        id=f"a{number}",
        date=NOW + timedelta(seconds=number),
        body=f"Words {number}.",
        fingerprint=f"fp-a{number}",
    )
    return replace(each, **changes)  # type: ignore[arg-type]  # what a test wants changed


def received(each: Submission) -> Decision:
    """The first row of a history."""
    return Decision(each.id, Action.RECEIVE, Door.FORM, "reader", each.date, None, each.status)


def approved(each: Submission, by: str = "moderator") -> tuple[Submission, Decision]:
    """A submission after approval, and the row that says so."""
    after = replace(each, status=Status.APPROVED, revision=each.revision + 1, settled=False)
    row = Decision(each.id, Action.APPROVE, Door.WEB, by, NOW, each.status, after.status, "“ok”")
    return after, row


def letter(key: str, due: datetime = NOW, to: str = "dave@example.org") -> Letter:
    """A mail."""
    return Letter(key, to, "Subject", "Text", {"List-Unsubscribe": "<https://x.example/>"}, due)
