"""The tables, and how a submission becomes a row and comes back.

Rows are read leniently: somebody may have written one with another program, and one odd row
must not hide the rest of the queue.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
)

from afterword.model import Kind, Status
from afterword.store import Letter
from afterword.submission import Action, Decision, Door, Reason, Submission

METADATA: Final = MetaData()

SUBMISSIONS: Final = Table(
    "submissions",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("entry", Text, nullable=False),
    Column("replyto", String(64)),
    Column("author", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("website", Text),
    Column("body", Text, nullable=False),
    Column("date", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("by_author", Boolean, nullable=False),
    Column("source", Text),
    Column("status", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("address", String(64), nullable=False),
    Column("wants_mail", Boolean, nullable=False),
    Column("fingerprint", String(64), unique=True),
    Column("settled", Boolean, nullable=False),
    # Not the submission's own: what it is found by.
    Column("email_key", Text, nullable=False),
    Column("text_key", String(64), nullable=False),
    Column("change", BigInteger, nullable=False),
    Index("submissions_by_status", "status", "date", "id"),
    Index("submissions_by_date", "date", "id"),
    Index("submissions_by_email", "email_key"),
    Index("submissions_by_text", "text_key", "date"),
    Index("submissions_by_address", "address", "date"),
    Index("submissions_by_change", "change"),
    Index("submissions_unsettled", "settled"),
)
TAKEN: Final = Table("taken", METADATA, Column("id", String(64), primary_key=True))
DECISIONS: Final = Table(
    "decisions",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("submission", String(64), nullable=False, index=True),
    Column("action", String(20), nullable=False),
    Column("door", String(20), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("before", String(20)),
    Column("after", String(20), nullable=False),
    Column("why", Text, nullable=False),
)
WORDS: Final = Table(
    "words",
    METADATA,
    Column("word", BigInteger, primary_key=True, autoincrement=False),
    Column("ham", Integer, nullable=False),
    Column("spam", Integer, nullable=False),
)
NAMES: Final = Table(
    "names",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text),
    Column("count", BigInteger, nullable=False),
    Column("until", BigInteger),
    Index("names_by_end", "until"),
)
LETTERS: Final = Table(
    "letters",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("to", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent", Boolean, nullable=False),
    Index("letters_due", "sent", "due"),
)


def microseconds(moment: datetime) -> int:
    """A moment as a whole number: dates come back the same from every database."""
    delta = moment - datetime.fromtimestamp(0, UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def moment(number: int) -> datetime:
    """The moment that a number stands for; the beginning of time for an impossible one."""
    try:
        seconds, rest = divmod(number, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    except (ValueError, OverflowError, OSError, TypeError):
        return datetime.fromtimestamp(0, UTC)


def submission_row(each: Submission) -> Mapping[str, Any]:
    """The columns of a submission that are its own."""
    return {
        "id": each.id,
        "entry": each.entry,
        "replyto": each.replyto,
        "author": each.author,
        "email": each.email,
        "website": each.website,
        "body": each.body,
        "date": microseconds(each.date),
        "kind": str(each.kind),
        "by_author": each.by_author,
        "source": each.source,
        "status": str(each.status),
        "revision": each.revision,
        "score": each.score,
        "reasons": json.dumps([[r.rule, r.points, r.why] for r in each.reasons]),
        "address": each.address,
        "wants_mail": each.wants_mail,
        "fingerprint": each.fingerprint,
        "settled": each.settled,
        "email_key": each.email.casefold(),
        "text_key": each.text_key,
    }


def submission(row: Row[Any]) -> Submission:
    """The submission in a row."""
    return Submission(
        id=row.id,
        entry=row.entry,
        replyto=row.replyto,
        author=row.author,
        email=row.email,
        website=row.website,
        body=row.body,
        date=moment(row.date),
        kind=_kind(row.kind),
        by_author=bool(row.by_author),
        source=row.source,
        status=status(row.status),
        revision=row.revision,
        score=row.score,
        reasons=_reasons(row.reasons),
        address=row.address,
        wants_mail=bool(row.wants_mail),
        fingerprint=row.fingerprint,
        settled=bool(row.settled),
    )


def decision_row(each: Decision) -> Mapping[str, Any]:
    """The columns of a decision, but for the sequence, which is counted as it is put in."""
    return {
        "submission": each.submission,
        "action": str(each.action),
        "door": str(each.door),
        "by": each.by,
        "at": microseconds(each.at),
        "before": str(each.before) if each.before else None,
        "after": str(each.after),
        "why": each.why,
    }


def decision(row: Row[Any]) -> Decision:
    """The decision in a row."""
    return Decision(
        submission=row.submission,
        action=Action(row.action),
        door=Door(row.door),
        by=row.by,
        at=moment(row.at),
        before=status(row.before) if row.before else None,
        after=status(row.after),
        why=row.why,
        sequence=row.sequence,
    )


def letter_row(each: Letter) -> Mapping[str, Any]:
    """The columns of a mail."""
    return {
        "key": each.key,
        "to": each.to,
        "subject": each.subject,
        "text": each.text,
        "headers": json.dumps(dict(each.headers)),
        "due": microseconds(each.due),
        "attempts": each.attempts,
        "sent": False,
    }


def letter(row: Row[Any]) -> Letter:
    """The mail in a row."""
    return Letter(
        key=row.key,
        to=row.to,
        subject=row.subject,
        text=row.text,
        headers=json.loads(row.headers),
        due=moment(row.due),
        attempts=row.attempts,
    )


def status(text: str) -> Status:
    """A state; what is none of ours waits for somebody to look at it."""
    try:
        return Status(text)
    except ValueError:
        return Status.PENDING


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        return Kind.COMMENT


def _reasons(text: str) -> tuple[Reason, ...]:
    try:
        return tuple(Reason(str(r), float(points), str(why)) for r, points, why in json.loads(text))
    except (ValueError, TypeError):
        return ()
