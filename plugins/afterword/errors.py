"""Everything that can go wrong, in one tree.

    AfterwordError
    ├── SettingsError       a COMMENTS_* setting is unknown or has a value we cannot use
    ├── InvalidComment      a field of a comment breaks one of the model's rules
    ├── MalformedResponse   a response file cannot be read: which file, which line, why
    ├── WriteError          a response could not be stored, or did not read back the same
    ├── EntryError          an entry's folder of responses cannot be used or moved
    ├── ResponsesLeftOut    COMMENTS_STRICT is on and the build had to leave responses out
    └── PortTaken           the preview cannot listen where it was told to

Each carries the facts as attributes, so that a caller can explain the failure in its own
words; ``str()`` of each is a sentence for a person, with what to do about it where that is
known. File names and values are shown with every character that does not print spelt out, so
that none of them can command a terminal.
"""

from pathlib import Path


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


class WriteError(AfterwordError):
    """Raised when a response is not safely on disk; nothing has been published."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{place(path)}: {reason}")
        self.path = path
        self.reason = reason


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
