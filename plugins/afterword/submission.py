"""A response before and after it is published: what was sent in, where it stands, who decided.

Unlike a ``Comment`` it may hold anything: it comes from a form, an import, or a database that
somebody else has written to. ``comment()`` is where it has to become a sound one.
"""

import dataclasses
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from afterword.model import Comment, Kind, Status


class Action(StrEnum):
    """What can happen to a submission."""

    RECEIVE = "receive"
    APPROVE = "approve"
    SPAM = "spam"
    TRASH = "trash"
    RESTORE = "restore"
    EDIT = "edit"
    WITHDRAW = "withdraw"


class Door(StrEnum):
    """From where a decision came."""

    FORM = "form"
    WEB = "web"
    CLI = "cli"
    MAIL = "mail"
    RULE = "rule"
    IMPORT = "import"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule thinks well (below zero) or ill (above) of a submission."""

    rule: str
    points: float
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules make of a submission together."""

    status: Status
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """One response in the queue. Its text fields come from strangers: never render them as HTML.

    ``email`` is empty where none was given. ``address`` is a salted hash, good for one day, of
    the network address it came from, or empty. ``wants_mail`` says that the commenter ticked
    the box for mail about replies. ``fingerprint`` is the same for the same form sent twice;
    None once that no longer matters. ``revision`` counts the changes, from 1; ``settled`` says
    that the response files show what is decided here.
    """

    id: str
    entry: str
    author: str
    body: str
    date: datetime
    email: str = ""
    website: str | None = None
    replyto: str | None = None
    kind: Kind = Kind.COMMENT
    by_author: bool = False
    source: str | None = None
    status: Status = Status.PENDING
    revision: int = 1
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    address: str = ""
    wants_mail: bool = False
    fingerprint: str | None = None
    settled: bool = True

    def reworded(self, other: "Submission") -> "Submission":
        """Return it with the words, parent and kind of another, not with its state."""
        return replace(
            self,
            author=other.author,
            email=other.email,
            website=other.website,
            body=other.body,
            replyto=other.replyto,
            kind=other.kind,
            by_author=other.by_author,
            source=other.source,
        )

    def comment(self) -> Comment:
        """Return it as it would be published. Raises InvalidComment where that cannot be."""
        return Comment(
            entry=self.entry,
            id=self.id,
            author=self.author,
            date=self.date,
            body=self.body,
            website=self.website,
            replyto=self.replyto,
            kind=self.kind,
            by_author=self.by_author,
            source=self.source,
        )

    @property
    def digest(self) -> str:
        """A hash of what readers would see, so that a decision about it fits nothing else."""
        parts = (self.entry, self.replyto or "", self.author, self.website or "", self.body)
        return _hash(self.id, *parts)

    @property
    def text_key(self) -> str:
        """A hash that is the same for texts that differ in spaces and capitals only."""
        return _hash(" ".join(self.body.casefold().split()))

    def judged(self, verdict: Verdict) -> Self:
        """Return it as the rules leave it."""
        return dataclasses.replace(
            self, status=verdict.status, score=verdict.score, reasons=verdict.reasons
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of a submission's history. ``sequence`` is given by the store, from 1, rising.

    ``by`` names who decided: a moderator, ``reader``, or a rule; ``why`` is a sentence or empty.
    """

    submission: str
    action: Action
    door: Door
    by: str
    at: datetime
    before: Status | None
    after: Status
    why: str = ""
    sequence: int = 0


def fingerprint(  # noqa: PLR0913, PLR0917  # a form has this many fields
    entry: str, replyto: str | None, author: str, email: str, website: str | None, body: str
) -> str:
    """Return the same text for the same form, however often it is sent."""
    return _hash(entry, replyto or "", author, email.casefold(), website or "", body)


def _hash(*parts: str) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        # With its length, so that no two lists of parts look the same.
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()
