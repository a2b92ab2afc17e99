"""Work for all cores: the same results, in the same order, whoever has done it."""

import gc
import io
import logging
import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from rich.console import Console
from rich.live import Live

from incremental import workers
from incremental.garbage import left_lying
from incremental.workers import spread

MANY = 60


pytestmark = pytest.mark.usefixtures("alone")


def number_of(number: int) -> tuple[int, int]:
    return number, os.getpid()


def run(tasks: list[Callable[[], tuple[int, int]]], processes: int) -> list[tuple[int, int]]:
    return list(spread(tasks, processes))


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("many", [0, 1, MANY])
def test_results_come_in_the_order_of_the_tasks(processes: int, many: int) -> None:
    found = run([partial(number_of, number) for number in range(many)], processes)
    assert [number for number, _ in found] == list(range(many))


def test_many_tasks_are_done_elsewhere_and_few_here() -> None:
    elsewhere = {process for _, process in run([partial(number_of, n) for n in range(MANY)], 2)}
    assert len(elsewhere) == 2
    assert os.getpid() not in elsewhere
    assert {process for _, process in run([partial(number_of, 0)] * 3, 2)} == {os.getpid()}


def test_beside_other_threads_everything_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks: list[Callable[[], tuple[int, int]]] = [partial(number_of, n) for n in range(MANY)]
    with Live(console=Console(file=io.StringIO())) as spinner:
        turning = spinner._refresh_thread
        monkeypatch.setattr(threading, "enumerate", lambda: [turning])
        assert os.getpid() not in {process for _, process in run(tasks, 2)}
        monkeypatch.setattr(threading, "enumerate", lambda: [turning, threading.Thread()])
        assert {process for _, process in run(tasks, 2)} == {os.getpid()}


def test_a_task_that_fails_elsewhere_fails_here() -> None:
    def fail() -> tuple[int, int]:
        raise ZeroDivisionError(str(os.getpid()))

    tasks: list[Callable[[], tuple[int, int]]] = [partial(number_of, n) for n in range(MANY)]
    tasks[30] = fail
    arriving = spread(tasks, 2)
    assert [next(arriving)[0] for _ in range(30)] == list(range(30))
    with pytest.raises(ZeroDivisionError, match=str(os.getpid())):
        next(arriving)


def test_some_tasks_are_done_here_first_for_what_they_leave_to_all() -> None:
    met: list[int] = []

    def meet(number: int) -> tuple[int, int]:
        met.append(number)
        return len(met), os.getpid()

    found = list(spread([partial(meet, number) for number in range(MANY)], 2, [7, 3]))
    assert [found[7], found[3]] == [(1, os.getpid()), (2, os.getpid())]
    assert all(many > 2 and process != os.getpid() for many, process in found[8:])


def test_no_process_does_more_than_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_AT_MOST", 10)
    found = run([partial(number_of, number) for number in range(MANY)], 2)
    assert [number for number, _ in found] == list(range(MANY))
    shares = Counter(process for _, process in found)
    assert sorted(shares.values()) == [4, 6, 10, 10, 10, 10, 10]
    assert multiprocessing.active_children() == []


def test_a_process_that_is_killed_is_stood_in_for() -> None:
    here = os.getpid()

    def die() -> tuple[int, int]:
        if os.getpid() != here:
            os._exit(9)
        return number_of(5)

    tasks: list[Callable[[], tuple[int, int]]] = [partial(number_of, n) for n in range(MANY)]
    tasks[5] = die
    assert [number for number, _ in run(tasks, 2)] == list(range(MANY))


def test_what_tasks_log_is_logged_here_in_their_order(caplog: pytest.LogCaptureFixture) -> None:
    def say(number: int) -> tuple[int, int]:
        logging.getLogger("tests.workers").warning("Task %d", number)
        return number_of(number)

    run([partial(say, number) for number in range(MANY)], 2)
    assert [each.getMessage() for each in caplog.records] == [f"Task {n}" for n in range(MANY)]


@pytest.mark.parametrize("processes", [1, 2])
def test_garbage_is_looked_for_where_there_may_be_much(processes: int) -> None:
    def looked_for() -> tuple[int, int]:
        return gc.isenabled() * gc.get_freeze_count(), os.getpid()

    with left_lying():
        assert not gc.isenabled()
        found = [lasting for lasting, _ in run([looked_for] * MANY, processes)]
        assert not gc.isenabled()
    assert gc.isenabled()
    assert all(found)  # and what was there before is left alone
    assert gc.get_freeze_count() == 0
