"""Lets those who write at the same time share a commit.

A commit costs a wait for the disk, however much it holds. What arrives during one commit goes
into the next together, each piece in a savepoint of its own, and everybody gets an answer when
the commit that holds their piece is on disk. Whoever is first in the line does the work for
those who stand behind, so that a writer who is alone waits for nobody.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

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


@dataclass(eq=False, slots=True)
class _Piece:
    """Somebody's piece of work, and what came of it. Its turn comes when it is done, or first."""

    work: Work[Any]
    turn: threading.Event = field(default_factory=threading.Event)
    answer: _Answer | None = None


class GroupWriter:
    """Runs pieces of work in transactions that ``begin`` opens.

    A piece may run more than once, and in another thread than its owner's; it must do nothing
    but use the connection. ``reset`` is called after the database has failed, to let go of what
    may be broken.
    """

    def __init__(self, begin: Begin, reset: Callable[[], None]) -> None:
        self._begin = begin
        self._reset = reset
        self._line: deque[_Piece] = deque()
        self._changed = threading.Condition(threading.Lock())
        self._busy = False
        self._closed = False

    def run(self, work: Work[T]) -> T:
        """Do a piece of work; on disk when this returns. Raises what it raises, or StoreError."""
        (piece,) = self._do([work])
        result, trouble = piece.answer or _interrupted()
        if trouble:
            raise trouble
        return cast("T", result)

    def run_all(self, works: Sequence[Work[T]]) -> Sequence[T | AfterwordError]:
        """Do many, each for itself: what it returns or refuses. Raises what is no refusal."""
        answers = [piece.answer or _interrupted() for piece in self._do(works)]
        for _, trouble in answers:
            if trouble and not isinstance(trouble, AfterwordError):
                raise trouble
        return [cast("T | AfterwordError", trouble or result) for result, trouble in answers]

    def _do(self, works: Sequence[Work[Any]]) -> Sequence[_Piece]:
        pieces = [_Piece(work) for work in works]
        with self._changed:
            if self._closed:
                raise StoreError("is closed")
            if len(self._line) >= _MOST_WAITING:
                raise StoreBusy("too many writes are waiting")
            self._line.extend(pieces)
            if pieces and not self._busy:
                self._busy = True
                pieces[0].turn.set()
        for piece in pieces:
            piece.turn.wait()
            if piece.answer is None:
                self._lead()
        return pieces

    def close(self) -> None:
        """Take no more, and return when what was taken is done."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._busy)

    def _lead(self) -> None:
        """Commit what stands in line, whose first piece is the caller's; then let others lead."""
        with self._changed:
            batch = [self._line.popleft() for _ in range(min(len(self._line), _MOST_AT_ONCE))]
        try:
            self._commit(batch)
        finally:
            with self._changed:
                self._busy = bool(self._line)
                if self._line:
                    self._line[0].turn.set()
                self._changed.notify_all()
            for piece in batch:
                piece.answer = piece.answer or _interrupted()
                piece.turn.set()

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
        for piece, answer in zip(batch, answers, strict=True):
            piece.answer = answer


def _interrupted() -> _Answer:
    return None, StoreError("was interrupted")


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
