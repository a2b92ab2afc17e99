"""Where submissions are kept: what every store promises.

* **On disk.** When a method that changes something returns, the change survives ``kill -9``
  and a power loss; when it raises, nothing has changed. (The memory store promises the second
  half only.)
* **Shared.** Any number of threads and processes use one database at once. Each method is one
  transaction. After an error, even a full disk, the next call works if the cause is gone.
* **UTC.** Every date is aware and in UTC, and comes back equal to the microsecond.
* **Text.** Any text without surrogates and U+0000 comes back as it was put in.
* **Errors.** What the database cannot do is raised as StoreError, whatever its driver says;
  ``StoreBusy``, a kind of it, where trying again soon makes sense.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from afterword.errors import AfterwordError
from afterword.model import Status
from afterword.submission import Decision, Submission


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` within a window that ends at ``until``; ``name`` says what is counted."""

    name: str
    most: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Addition:
    """A submission to be kept, with the decision that came first, within a limit."""

    new: Submission
    decision: Decision
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What to list: newest first, ``limit`` of them after the first ``offset``.

    ``text`` is looked for, case-insensitively, in author, e-mail, website, body and entry.
    """

    status: Status | None = None
    text: str = ""
    entry: str | None = None
    address: str | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a listing, and how many the whole has."""

    submissions: tuple[Submission, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows that a rule may want to know about a new submission.

    ``approved`` and ``refused`` count earlier ones of the same author and e-mail (none without
    an e-mail); ``same_text`` those with the same body, from anybody; ``same_text_here`` those
    of them for the same entry; ``from_address`` those from the same address hash.
    """

    approved: int = 0
    refused: int = 0
    same_text: int = 0
    same_text_here: int = 0
    from_address: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the filter learns with a decision: how often to count each word, and as what.

    ``ham`` and ``spam`` are +1, 0 or -1: -1 takes back what was learnt before.
    """

    words: frozenset[int]
    ham: int = 0
    spam: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many decided submissions there were, and in how many (ham, spam) each word stood."""

    ham: int
    spam: int
    words: Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that waits to be sent. ``headers`` are those beyond To and Subject.

    ``key`` is the same for the same mail made twice; only one of them is kept, ever.
    """

    key: str
    to: str
    subject: str
    text: str
    headers: Mapping[str, str]
    due: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """How often published files have changed, and at which of these the site was last built."""

    made: int
    built: int


class Store(Protocol):
    """A queue of submissions, with everything that is kept beside it."""

    # Submissions

    def add(self, new: Submission, decision: Decision, limit: Limit | None = None) -> Submission:
        """Keep a submission with the first row of its history, and return it.

        If one with the same fingerprint is there, that one is returned and nothing kept. Else
        it counts against ``limit``; raises LimitReached if there have been as many already.
        Raises IdTaken if there is, or ever was, another submission of this id.
        """

    def add_all(self, additions: Sequence[Addition]) -> Sequence[Submission | AfterwordError]:
        """Add many, each for itself: what ``add`` would return or raise. Raises StoreError."""

    def get(self, submission_id: str) -> Submission | None:
        """Return a submission, or None if there is none of this id."""

    def look_up(self, ids: Collection[str]) -> Mapping[str, Submission | None]:
        """Of these ids, those that a submission has or ever had, with it; None if it was deleted.

        Ask about a thousand at most.
        """

    def change(self, after: Submission, decision: Decision, lessons: Sequence[Lesson] = ()) -> bool:
        """Put ``after`` in place of its predecessor; False if that is no longer there.

        The predecessor has the same id and a revision one below. Decision and lessons are kept
        in the same transaction. Of any number of callers at once, one gets True.
        """

    def find(self, query: Query) -> Page:
        """List submissions, newest first; those of one moment by id, descending."""

    def counts(self) -> Mapping[Status, int]:
        """How many submissions there are in each state; every state is a key."""

    def history(self, submission_id: str) -> tuple[Decision, ...]:
        """All decisions about a submission, oldest first."""

    def decisions(self, after: int, limit: int) -> tuple[Decision, ...]:
        """Decisions about any submission with a sequence above ``after``, in that order.

        Complete: once a sequence has been returned, no lower one turns up later.
        """

    def evidence(
        self, new: Submission, since: datetime, words: Collection[int]
    ) -> tuple[Facts, Tally]:
        """What is known about a submission that is not kept yet, and about its words.

        Texts and addresses are compared with submissions made since ``since``.
        """

    # Publishing

    def unsettled(self) -> tuple[Submission, ...]:
        """Submissions whose files do not show yet what is decided, oldest first."""

    def settle(self, submission_id: str, revision: int) -> bool:
        """Note that the files show a submission's state; False if it has changed since.

        Counts as one more change of the published files.
        """

    def settle_all(self, shown: Sequence[tuple[str, int]]) -> Sequence[bool]:
        """Settle many, each for itself, in this order: pairs of an id and a revision."""

    def changes(self) -> Changes:
        """How far the published files and the built site have got."""

    def built(self, number: int) -> None:
        """Note that the site was built with all changes up to ``number``; never goes back."""

    def settled_since(self, number: int, limit: int) -> tuple[tuple[int, Submission], ...]:
        """Submissions whose files changed after change ``number``, by their latest change.

        Comes in the order of these numbers; each submission once. Those no longer approved are
        among them: their files have been removed.
        """

    # The filter

    def tally(self, words: Collection[int]) -> Tally:
        """How often these words stood in what was decided so far."""

    # Small things with a name and perhaps an end

    def count(self, name: str, until: datetime) -> int:
        """Count one more under this name and return how many that makes. From 1 after ``until``.

        ``until`` matters only for the first of them.
        """

    def keep(self, name: str, value: str, until: datetime | None = None) -> None:
        """Keep a value under a name, in place of what was there."""

    def keep_first(self, name: str, value: str, until: datetime | None = None) -> str:
        """Keep a value unless there is one; return the one that is there."""

    def recall(self, name: str) -> str | None:
        """Return the value of a name, or None if there is none or its time is over."""

    def forget(self, prefix: str) -> int:
        """Forget every name that starts like this; return how many there were."""

    # Mail

    def post(self, letters: Iterable[Letter], cursor: str, was: str | None, now_at: str) -> bool:
        """Keep mails to be sent and move a cursor, both or neither.

        ``cursor`` is a name as in ``keep``; False, and nothing kept, if its value is not
        ``was``.
        """

    def claim(self, limit: int, lease_until: datetime) -> tuple[Letter, ...]:
        """Take mails that are due: nobody else gets them before ``lease_until``."""

    def sent(self, key: str) -> None:
        """Note that a mail is sent; everything but its key is forgotten."""

    def postpone(self, key: str, until: datetime) -> None:
        """Try a mail again later; counts an attempt."""

    def waiting(self) -> int:
        """How many mails wait to be sent."""

    # People's data

    def about(self, email: str) -> tuple[Submission, ...]:
        """Everything that was sent in under an e-mail address, oldest first, in any case."""

    def erase(self, email: str) -> tuple[str, ...]:
        """Forget who sent these submissions, and return their ids.

        Of each there remain id, entry, date, status and history: nothing that was typed. Mail
        to the address, and every name that holds it (``keep``), go too. Afterwards the address
        is in no file of the database that this process can clean.
        """

    def expire(self, address_before: datetime, delete_before: datetime) -> int:
        """Forget what is old; return how many submissions were deleted.

        Address hashes of submissions made before the first date go, and submissions in spam
        and trash made before the second, and names past their end. Ids stay taken.
        """

    # The database itself

    def backup(self, path: Path) -> None:
        """Write a consistent copy of everything to a new file, while others go on."""

    def restore(self, path: Path) -> None:
        """Replace everything by what a backup holds. Raises StoreError for anything else."""

    def check(self) -> None:
        """Raise StoreError unless something could be written now."""

    def close(self) -> None:
        """Let go of connections and threads. Calling it twice is fine."""
