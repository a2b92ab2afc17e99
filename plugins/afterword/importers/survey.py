"""A source, read through once: what has to be known of it before anything is decided.

Of each response a row of facts is kept in memory, and not its text, so that the size of a
source does not matter much.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from afterword.importers import fields
from afterword.importers.findings import Entry, Finding, Response, Skipped, Thread
from afterword.model import Status

# A response whose text has more bytes is left out: its file might be too large for the build.
MAX_BYTES: Final = 400_000
_UNDATED: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """What has to be known of a response to decide about it.

    ``turn`` counts, from 0, the different ones of one id in a thread; ``again`` says that it
    stands in the source twice.
    """

    thread: str
    id: str
    parent: str | None
    status: Status
    date: datetime
    dated: bool
    place: str
    too_large: bool
    turn: int
    again: bool

    def ids(self, source: str) -> Iterator[str]:
        """Yield the ids that it may get here: its own, and one made from it."""
        if fields.usable_id(self.id):
            yield self.id
        turn = (str(self.turn),) if self.turn else ()
        yield fields.other_id(self.id, source, self.thread, *turn)


@dataclass(slots=True)
class Survey:
    """Threads and rows in the order of the source.

    ``gone`` holds, by thread and id, what was answered by those that are left out; ``entries``
    the threads of posts and pages that the source has itself.
    """

    threads: dict[str, Thread] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    gone: dict[tuple[str, str], str | None] = field(default_factory=dict)
    entries: list[Thread] = field(default_factory=list)
    _texts: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def take(self, found: Finding) -> None:
        """Take note of one finding."""
        match found:
            case Thread():
                self.threads.setdefault(found.id, found)
            case Entry():
                self.entries.append(found.thread)
                self.threads[found.thread.id] = found.thread
            case Response():
                self.rows.append(self._row(found))
            case Skipped():
                self.skipped.append(found)
                if found.id:
                    self.gone[found.thread, found.id] = found.parent

    def _row(self, found: Response) -> Row:
        texts = self._texts.setdefault((found.thread, found.id), [])
        text = hash((found.author, found.body))
        again = text in texts
        if not again:
            texts.append(text)
        return Row(
            thread=found.thread,
            id=found.id,
            parent=found.parent,
            status=found.status,
            date=found.date or self._near(found.thread),
            dated=found.date is not None,
            place=found.place,
            too_large=_size(found.body, found.author) > MAX_BYTES,
            turn=len(texts) - 1,
            again=again,
        )

    def _near(self, thread: str) -> datetime:
        """A date for who has none: that of the one before, since they stood in this order."""
        last = self.rows[-1] if self.rows else None
        return last.date if last and last.thread == thread else _UNDATED


def _size(*texts: str) -> int:
    return sum(len(each.encode("utf-8", "replace")) for each in texts)
