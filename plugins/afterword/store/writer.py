"""One thread that writes, and lets those who wait share a commit.

A commit costs a wait for the disk, however much it holds. What arrives during one commit goes
into the next together, each piece in a savepoint of its own, and everybody gets an answer when
the commit that holds their piece is on disk.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from afterword.errors import AfterwordError, StoreBusy, StoreError

T = TypeVar("T")
Work = Callable[[Connection], T]
Begin = Callable[[], AbstractContextManager[Connection]]

# So many writes may wait; a disk that is behind by more will not catch up in time.
_MOST_WAITING: Final = 1000
_MOST_AT_ONCE: Final = 200


_Answer = tuple[Any, BaseException | None]


@dataclass(frozen=True, slots=True)
class _Piece:
    work: Work[Any]
    answer: Future[Any] = field(default_factory=Future)


class GroupWriter:
    """Runs pieces of work in transactions that ``begin`` opens.

    A piece may run more than once, and must do nothing but use the connection. ``reset`` is
    called after the database has failed, to let go of what may be broken.
    """

    def __init__(self, begin: Begin, reset: Callable[[], None]) -> None:
        self._begin = begin
        self._reset = reset
        self._waiting: queue.Queue[_Piece | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def run(self, work: Work[T]) -> T:
        """Do a piece of work; on disk when this returns. Raises what it raises, or StoreError."""
        piece = _Piece(work)
        with self._lock:
            if self._closed:
                raise StoreError("is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
                self._thread.start()
            try:
                self._waiting.put_nowait(piece)
            except queue.Full:
                raise StoreBusy("too many writes are waiting") from None
        result: T = piece.answer.result()
        return result

    def close(self) -> None:
        """Finish what waits, and end the thread."""
        with self._lock:
            self._closed = True
            thread, self._thread = self._thread, None
        if thread:
            self._waiting.put(None)
            thread.join()

    def _serve(self) -> None:
        while piece := self._waiting.get():
            batch = [piece]
            last = False
            while len(batch) < _MOST_AT_ONCE and not last:
                try:
                    following = self._waiting.get_nowait()
                except queue.Empty:
                    break
                last = following is None
                if following:
                    batch.append(following)
            self._commit(batch)
            if last:
                return

    def _commit(self, batch: list[_Piece]) -> None:
        """Commit a batch; if that fails, each piece for itself, to find the culprit."""
        try:
            if len(batch) == 1:
                with self._begin() as connection:
                    answers: list[_Answer] = [(batch[0].work(connection), None)]
            else:
                with self._begin() as connection:
                    answers = [_attempt(connection, piece.work) for piece in batch]
        except AfterwordError as refusal:  # of a single piece, which nothing came of
            answers = [(None, refusal)]
        except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to who asked
            self._reset()
            if len(batch) > 1:
                for piece in batch:
                    self._commit([piece])
                return
            answers = [(None, store_error(error))]
        for piece, (result, trouble) in zip(batch, answers, strict=True):
            if trouble:
                piece.answer.set_exception(trouble)
            else:
                piece.answer.set_result(result)


def _attempt(connection: Connection, work: Work[Any]) -> _Answer:
    """Run a piece in a savepoint; what it refuses on purpose concerns nobody else."""
    connection.exec_driver_sql("SAVEPOINT piece")
    try:
        result = work(connection)
    except AfterwordError as refusal:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT piece")
        return None, refusal
    connection.exec_driver_sql("RELEASE SAVEPOINT piece")
    return result, None


def store_error(error: BaseException) -> BaseException:
    """Say in our words what a database's driver says, without what was to be stored."""
    if not isinstance(error, SQLAlchemyError):
        return error
    original = getattr(error, "orig", None) or error
    text = (str(original).strip().splitlines() or [type(original).__name__])[0]
    busy = "locked" in text or "deadlock" in text or "timeout" in text
    return (StoreBusy if busy else StoreError)(text)
