"""A source, read through once: what has to be known of it before anything is decided.

Of each response a row of facts is kept in memory, and not its text, so that the size of a
source does not matter much.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from afterword.importers import fields
from afterword.importers.findings import Entry, Finding, Response, Skipped, Thread, Wording
from afterword.model import Status

# A response whose text has more bytes is left out: its file might be too large for the build,
# or HTML take too long to be understood. WordPress and Disqus take 65,535 bytes at most.
MAX_BYTES: Final = 400_000
MAX_HTML_BYTES: Final = 100_000
# What was a file here can be one again.
MAX_BYTES_OF_OURS: Final = 1_040_000
_UNDATED: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """What has to be known of a response to decide about it.

    ``turn`` counts, from 0, the different ones of one id in a thread; ``again`` says that it
    stands in the source twice. ``over`` is how many bytes it should not have had, or 0. ``ours``
    and ``alone`` are the response's.
    """

    thread: str
    id: str
    parent: str | None
    status: Status
    date: datetime
    dated: bool
    place: str
    over: int
    turn: int
    again: bool
    ours: bool
    alone: bool

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

    def meet(self, thread: Thread) -> None:
        """Take note of a thread that more is known of than the source says."""
        self.threads[thread.id] = thread

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
            over=_over(found),
            turn=len(texts) - 1,
            again=again,
            ours=found.ours,
            alone=found.alone,
        )

    def _near(self, thread: str) -> datetime:
        """A date for who has none: that of the one before, since they stood in this order."""
        last = self.rows[-1] if self.rows else None
        return last.date if last and last.thread == thread else _UNDATED


def _over(found: Response) -> int:
    most = MAX_BYTES_OF_OURS if found.ours else MAX_BYTES
    if found.wording is not Wording.MARKDOWN:
        most = MAX_HTML_BYTES
    size = len(found.body.encode("utf-8", "replace")) + len(found.author.encode("utf-8", "replace"))
    return most if size > most else 0
