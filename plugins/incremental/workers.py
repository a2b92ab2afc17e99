"""Work for all cores: tasks done in forked processes, as if they had been done here in turn."""

import logging
import multiprocessing
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final, NamedTuple, TypeVar

from pelican.log import FilteredMessage, console
from rich.console import Console

from incremental.garbage import collected

# Forking costs as much as a few dozen pages.
_WORTH_FORKING: Final = 24
# Neighbours have things in common that are made once in a process.
_BLOCK: Final = 12
# A process has its own copy of whatever it has touched, and of what it has made for later. One
# that takes its place after so many tasks begins with nothing but what all have in common.
_AT_MOST: Final = 2500

T = TypeVar("T")


def spread(
    tasks: Sequence[Callable[[], T]], processes: int, ahead: Collection[int] = ()
) -> Iterator[T]:
    """Yield what each task returns, in their order; what it logs is logged here, in that order.

    The processes share everything that there was before, and nothing after. The tasks with the
    numbers ``ahead`` are done here before the others, for what they leave to all. A task that fails
    in one of them is done here once more, so that it fails as it should. Tasks must be of the
    kind that can be done twice. Where there are other threads, everything is done here: of
    them a forked process has nothing but the locks that they hold.
    """
    is_shared = processes > 1 and len(tasks) >= _WORTH_FORKING and _is_alone()
    done: dict[int, tuple[list[logging.LogRecord], T]] = {}
    if is_shared:
        done.update((number, ([], tasks[number]())) for number in ahead)
    left = [number for number in range(len(tasks)) if number not in done]
    arriving = _forked(tasks, left, processes) if is_shared else iter(())
    with collected():
        for number, task in enumerate(tasks):
            while number not in done and (arrival := next(arriving, None)):
                done[arrival[0]] = arrival[1:]
            if number in done:
                records, result = done.pop(number)
                for record in records:
                    with suppress(FilteredMessage):  # said before
                        logging.getLogger(record.name).handle(record)
                yield result
            else:
                yield task()


def _is_alone() -> bool:
    """Whether there is no thread but this one, and the one that shows that Pelican is at work."""
    others = (each for each in threading.enumerate() if each is not threading.current_thread())
    return all(type(each).__module__ == "rich.live" for each in others)


def _forked(
    tasks: Sequence[Callable[[], T]], numbers: Sequence[int], processes: int
) -> Iterator[tuple[int, list[logging.LogRecord], T]]:
    """Yield number, log and result of each of these tasks that could be done, in any order."""
    working: dict[Connection, _Worker] = {}
    try:
        for first in range(processes):
            _begin(working, tasks, _shares(numbers, first, processes))
        while working:
            for end in wait([*working]):
                assert isinstance(end, Connection)  # noqa: S101  # what we wait for
                try:
                    arrival = end.recv()
                except EOFError:
                    worker = working.pop(end)
                    end.close()
                    worker.process.join()
                    _begin(working, tasks, worker.shares)
                else:
                    yield arrival
    finally:
        for end in working:
            end.close()
        for worker in working.values():
            worker.process.join()


class _Worker(NamedTuple):
    """A process, and the tasks for those that take its place."""

    process: BaseProcess
    shares: Iterator[Sequence[int]]


def _shares(numbers: Sequence[int], first: int, step: int) -> Iterator[Sequence[int]]:
    """Yield every ``step``-th block of the numbers, as many at a time as one process does."""
    own = [each for place, each in enumerate(numbers) if place // _BLOCK % step == first]
    for start in range(0, len(own), _AT_MOST):
        yield own[start : start + _AT_MOST]


def _begin(
    working: dict[Connection, _Worker],
    tasks: Sequence[Callable[[], object]],
    shares: Iterator[Sequence[int]],
) -> None:
    """Have a process do the next share, if there is one."""
    numbers = next(shares, None)
    if numbers is None:
        return
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    args = (tasks, numbers, there, (here, *working))
    process = context.Process(target=_work, args=args, daemon=True)
    process.start()
    there.close()
    working[here] = _Worker(process, shares)


def _work(
    tasks: Sequence[Callable[[], object]],
    numbers: Sequence[int],
    end: Connection,
    others: Sequence[Connection],
) -> None:
    """Do the tasks of these numbers, in a process of its own; ends as who waits does.

    ``others`` are the ends at which that one waits.
    """
    for each in others:
        each.close()  # as long as anybody has them, nobody notices that who waited is gone
    # What shows that Pelican is at work is not here, and may have left its locks.
    vars(console).update(vars(Console()))
    log = _Kept()
    root = logging.getLogger()
    for number in numbers:
        root.handlers, log.records = [log], []
        try:
            result = tasks[number]()
        except Exception:  # noqa: BLE001, S112  # whoever waits does it again, and sees it fail
            continue
        try:
            end.send((number, log.records, result))
        except BrokenPipeError:
            return


class _Kept(logging.Handler):
    """Keeps what is logged, to be logged elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        record.msg, record.args = record.getMessage(), None
        record.exc_info = None
        self.records.append(record)
