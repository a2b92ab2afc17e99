"""Everything that can go wrong, in one tree.

    AfterwordError
    ├── SettingsError       a COMMENTS_* setting is unknown or has a value we cannot use
    ├── InvalidComment      a field of a comment breaks one of the model's rules
    ├── MalformedResponse   a response file cannot be read: which file, which line, why
    ├── WriteError          a response could not be stored, or did not read back the same
    ├── EntryError          an entry's folder of responses cannot be used or moved
    ├── ResponsesLeftOut    COMMENTS_STRICT is on and the build had to leave responses out
    ├── PortTaken           the preview cannot listen where it was told to
    ├── EntriesUnknown      the list of what can be answered is missing or broken
    ├── StoreError          the database did not do what it was asked to
    │   ├── StoreBusy       it may do so if asked again soon
    │   └── StoreUnmade     it has no tables yet, and was only to be looked into
    ├── LimitReached        more was sent in within a while than is let through
    ├── IdTaken             a new submission has the id of another
    ├── BadToken            a signed link is forged, worn out, or meant for something else
    ├── NoSubmission        there is no submission of this id
    ├── MailError           a mail could not be handed over
    ├── BuildFailed         the site could not be built after a change
    ├── ReleaseError        no release of the site could be made, or be put live
    ├── PullError           responses could not be fetched from a service elsewhere
    └── ImportRefused       a file to be imported is broken, or not what it was said to be

Each carries the facts as attributes, so that a caller can explain the failure in its own
words; ``str()`` of each is a sentence for a person, with what to do about it where that is
known. File names and values are shown with every character that does not print spelt out, so
that none of them can command a terminal.
"""

import errno
from datetime import datetime
from pathlib import Path
from typing import Final


def place(path: Path, line: int = 0) -> str:
    """Name a file, and a line of it unless that is 0, in characters that print."""
    name = visible(str(path))
    return f"{name}:{line}" if line else name


def visible(text: str) -> str:
    """Spell out every character that does not print."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class AfterwordError(Exception):
    """Base of every error this package raises on purpose."""


class SettingsError(AfterwordError):
    """Raised while the settings are read, before anything is built."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class InvalidComment(AfterwordError):
    """Raised when a comment is made from a value that its field does not allow."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class MalformedResponse(AfterwordError):
    """Raised when a response file is read and is not exactly in the format.

    ``line`` counts from 1; 0 means the file as a whole.
    """

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{place(path, line)}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


# What is wrong with one file's name, or one name's place, and with no other.
_OF_ONE_FILE: Final = frozenset(
    [
        errno.EEXIST,
        errno.EINVAL,
        errno.EILSEQ,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENOENT,
        errno.ENOTDIR,
    ]
)


class WriteError(AfterwordError):
    """Raised when a response is not safely on disk; nothing has been published.

    ``lasting`` says that other files would fare no better: the disk is full, or nobody may write
    to it.
    """

    def __init__(self, path: Path, reason: str, *, lasting: bool = False) -> None:
        super().__init__(f"{place(path)}: {reason}")
        self.path = path
        self.reason = reason
        self.lasting = lasting

    @classmethod
    def of(cls, path: Path, error: OSError) -> "WriteError":
        """What the system says, in our words."""
        reason = error.strerror or str(error)
        return cls(path, reason, lasting=error.errno not in _OF_ONE_FILE)


class EntryError(AfterwordError):
    """Raised when an entry key is no usable folder name, or its folder cannot be moved."""

    def __init__(self, entry: str, reason: str) -> None:
        super().__init__(f"{entry!r}: {reason}")
        self.entry = entry
        self.reason = reason


class ResponsesLeftOut(AfterwordError):
    """Raised at the end of reading, under ``COMMENTS_STRICT``, with every problem found."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        listing = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            f"COMMENTS_STRICT is on and {len(problems)} problem(s) were found:\n{listing}"
        )
        self.problems = problems


class PortTaken(AfterwordError):
    """Raised when the preview starts on a port that another program has."""

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(f"port {port}: {reason}; choose another with --port or PORT=")
        self.port = port
        self.reason = reason


class EntriesUnknown(AfterwordError):
    """Raised when the list that a build leaves for the service cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{place(path)}: {reason}; build the site first")
        self.path = path
        self.reason = reason


class StoreError(AfterwordError):
    """Raised when the database cannot do what it was asked to; nothing has changed then."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"database: {reason}")
        self.reason = reason


class StoreBusy(StoreError):
    """Raised when the database is there but has too much to do."""


class StoreUnmade(StoreError):
    """Raised when a database is to be looked into that nobody has used yet."""


class LimitReached(AfterwordError):
    """Raised when something is sent in too often; ``until`` is when the next one may be."""

    def __init__(self, name: str, until: datetime) -> None:
        super().__init__(f"{name}: too many; wait until {until.isoformat(timespec='seconds')}")
        self.name = name
        self.until = until


class IdTaken(AfterwordError):
    """Raised when a submission is kept under an id that another one has or had."""

    def __init__(self, submission_id: str) -> None:
        super().__init__(f"{submission_id!r} is taken")
        self.id = submission_id


class BadToken(AfterwordError):
    """Raised when a signed link is not one of ours, too old, used before, or out of date."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoSubmission(AfterwordError):
    """Raised when a submission is asked for that the queue does not have."""

    def __init__(self, submission_id: str) -> None:
        super().__init__(f"the queue has no response {submission_id!r}")
        self.id = submission_id


class MailError(AfterwordError):
    """Raised when a mail server is not reachable or refuses a mail, for now or for good."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(f"mail: {reason}")
        self.reason = reason
        self.for_good = for_good


class BuildFailed(AfterwordError):
    """Raised when the service could not build the site; the last good one still stands."""

    def __init__(self, output: str) -> None:
        super().__init__(f"the build failed: {output}")
        self.output = output


class ReleaseError(AfterwordError):
    """Raised when a release cannot be made or put live; what was live still is.

    ``link`` is where the site lies that readers get.
    """

    def __init__(self, link: Path, reason: str) -> None:
        super().__init__(reason)
        self.link = link
        self.reason = reason


class PullError(AfterwordError):
    """Raised when a service elsewhere does not give what ``afterword pull`` asks it for."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class ImportRefused(AfterwordError):
    """Raised when nothing of a file is imported, because it is broken or of another kind.

    ``line`` counts from 1; 0 means the file as a whole.
    """

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{place(path, line)}: {reason}; nothing was imported")
        self.path = path
        self.line = line
        self.reason = reason
