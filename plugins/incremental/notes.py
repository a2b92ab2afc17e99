"""What is said while a file is read, to be said again when it need not be read."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from incremental.values import ATOMS, NotPlain


class Notes:
    """What was said, as it was first said: Pelican's log shortens what is said often."""

    def __init__(self) -> None:
        self._records: list[tuple[logging.LogRecord, Any, Any]] = []

    def add(self, record: logging.LogRecord) -> None:
        """Keep a record that has just been made."""
        if record.levelno >= logging.WARNING:
            self._records.append((record, record.msg, record.args))

    def dump(self) -> str:
        """Return it as JSON; nothing for nothing. Raises NotPlain where it would not come back."""
        said = [_plain(*each) for each in self._records]
        return json.dumps(said) if said else ""


@contextmanager
def taking_notes() -> Iterator[Notes]:
    """What is said meanwhile; it is said all the same."""
    notes, usual = Notes(), logging.getLogRecordFactory()

    def make(*arguments: Any, **named: Any) -> logging.LogRecord:  # noqa: ANN401  # logging's
        record = usual(*arguments, **named)
        notes.add(record)
        return record

    logging.setLogRecordFactory(make)
    try:
        yield notes
    finally:
        logging.setLogRecordFactory(usual)


@contextmanager
def silence() -> Iterator[None]:
    """Nothing is heard of what is said meanwhile."""
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, [logging.NullHandler()]
    try:
        yield
    finally:
        root.handlers = handlers


def repeat(said: str) -> None:
    """Say once more what was said; whoever counts warnings as failures fails once more."""
    for name, level, message, arguments, limit, limited in json.loads(said) if said else ():
        limits = {"limit_msg": limit, "limit_args": tuple(limited)} if limit else None
        logging.getLogger(name).log(level, message, *arguments, extra=limits)


def _plain(record: logging.LogRecord, message: object, arguments: Any) -> Sequence[object]:  # noqa: ANN401  # logging's
    # What Pelican says instead when it has said the like too often.
    limit = vars(record).get("limit_msg", "")
    limited = vars(record).get("limit_args", ())
    arguments = arguments or ()
    texts = (arguments,) if isinstance(arguments, dict) else (message, limit, *arguments, *limited)
    if record.exc_info or not all(type(each) in ATOMS for each in texts):
        raise NotPlain("a message that is more than text")
    return [record.name, record.levelno, message, list(arguments), limit, list(limited)]
