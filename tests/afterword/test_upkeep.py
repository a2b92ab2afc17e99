"""What a running service does by itself: building once for many changes, forgetting, telling."""

import json
import logging
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from afterword.building import Outcome
from afterword.errors import BuildFailed, MailError, StoreBusy
from afterword.model import Status
from afterword.settings import Settings
from afterword.store import Changes
from afterword.store.memory import MemoryStore
from afterword.upkeep import Builder, Expiry, Worker, call_webhook, end_all, start_all
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import approved, received, sample
from tests.elsewhere import elsewhere

PATIENCE = 30  # seconds; only ever spent when something is broken
OK = Outcome(ok=True, log="")
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is told otherwise."""
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Iterator[MemoryStore]:
    """An empty queue."""
    with closing(MemoryStore(clock)) as one:
        yield one


def publish(store: MemoryStore, number: int) -> None:
    each = sample(number)
    store.add(each, received(each))
    after, row = approved(each)
    assert store.change(after, row)
    assert store.settle(after.id, after.revision)


# Building


@dataclass
class Built:
    """A build that counts, and does more if a test says so."""

    store: MemoryStore
    outcome: Outcome = OK
    times: int = 0
    change_meanwhile: int = 0
    asked: list[object] = field(default_factory=list)

    def __call__(self, entries: Collection[str] | None) -> Outcome:
        self.times += 1
        self.asked.append(entries)
        if self.change_meanwhile:
            publish(self.store, self.change_meanwhile)
            self.change_meanwhile = 0
        return self.outcome


@pytest.fixture
def built(store: MemoryStore) -> Built:
    """What builds."""
    return Built(store)


@pytest.fixture
def builder(store: MemoryStore, built: Built, tmp_path: Path) -> Builder:
    """What decides whether to."""
    return Builder(store, built, tmp_path / "var/builder.lock")


def test_nothing_is_built_while_nothing_has_changed(builder: Builder, built: Built) -> None:
    builder()
    assert built.times == 0
    publish(built.store, 1)
    for _ in range(3):
        builder()
    assert built.times == 1


def test_many_changes_are_built_at_once(builder: Builder, built: Built) -> None:
    for number in range(5):
        publish(built.store, number)
    builder()
    assert built.times == 1
    assert built.store.changes() == Changes(5, 5)


def test_a_build_is_told_whose_responses_have_changed(
    builder: Builder, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(built.store, 1)
    built.outcome = Outcome(ok=False, log="no")
    with pytest.raises(BuildFailed):
        builder()
    built.outcome = OK
    publish(built.store, 2)
    builder()
    assert built.asked == [{"first"}, {"first"}]
    monkeypatch.setattr("afterword.upkeep._MANY", 1)
    for number in (3, 4):
        publish(built.store, number)
    builder()
    assert built.asked[-1] is None


def test_a_change_during_a_build_leads_to_another(builder: Builder, built: Built) -> None:
    publish(built.store, 1)
    built.change_meanwhile = 2
    builder()
    assert built.store.changes() == Changes(2, 1)
    builder()
    assert built.times == 2
    assert built.store.changes() == Changes(2, 2)


def test_a_build_that_fails_is_reported_with_its_end_and_tried_again(
    builder: Builder, built: Built
) -> None:
    publish(built.store, 1)
    built.outcome = Outcome(ok=False, log="x" * 5000 + "the reason")
    with pytest.raises(BuildFailed) as caught:
        builder()
    assert caught.value.output.endswith("the reason")
    assert len(caught.value.output) == 2000
    assert built.store.changes() == Changes(1, 0)
    built.outcome = OK
    builder()
    assert built.store.changes() == Changes(1, 1)


class Watched(MemoryStore):
    """A queue that knows how often it was asked whether there is something to build."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.asked = threading.Semaphore(0)

    def changes(self) -> Changes:
        found = super().changes()
        self.asked.release()
        return found


def test_of_many_who_would_build_at_once_one_does(clock: Clock, tmp_path: Path) -> None:
    store, many, times = Watched(clock), 4, []
    publish(store, 1)

    def build(_: object) -> Outcome:
        # Until all have seen that there is something to build; the first looks twice.
        assert all(store.asked.acquire(timeout=PATIENCE) for _ in range(many + 1))
        times.append(1)
        return OK

    builder = Builder(store, build, tmp_path / "builder.lock")
    with ThreadPoolExecutor(many) as pool:
        for each in [pool.submit(builder) for _ in range(many)]:
            each.result(PATIENCE)
    assert len(times) == 1
    assert store.changes() == Changes(1, 1)


# Forgetting


def test_spam_and_trash_are_deleted_after_their_days_and_nothing_else(
    store: MemoryStore, clock: Clock
) -> None:
    for number, status in enumerate(Status):
        each = sample(number, status=status)
        store.add(each, received(each))
    expiry = Expiry(store, Settings(spam_days=30), clock)
    clock.pass_by(days=29, hours=23)
    expiry()
    assert sum(store.counts().values()) == 4
    clock.pass_by(hours=2)
    expiry()
    assert {status for status, number in store.counts().items() if number} == {
        Status.PENDING,
        Status.APPROVED,
    }


def test_no_days_keep_spam_for_ever(store: MemoryStore, clock: Clock) -> None:
    each = sample(1, status=Status.SPAM)
    store.add(each, received(each))
    clock.pass_by(days=3650)
    Expiry(store, Settings(spam_days=0), clock)()
    assert store.get("a1")


def test_where_somebody_wrote_from_is_forgotten_after_its_days(
    store: MemoryStore, clock: Clock
) -> None:
    each = sample(1, address="f00")
    store.add(each, received(each))
    expiry = Expiry(store, Settings(address_days=7), clock)
    addresses = []
    for _ in range(2):
        clock.pass_by(days=3.6)
        expiry()
        found = store.get("a1")
        assert found
        addresses.append(found.address)
    assert addresses == ["f00", ""]


# Telling a build service


def test_a_build_service_is_told_that_something_changed_and_nothing_else() -> None:
    with elsewhere(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n") as server:
        assert call_webhook(f"{server.url}/hook?key=1") == Outcome(ok=True, log="status 202")
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/hook?key=1")
    assert json.loads(asked.body) == {"event": "responses-changed"}
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["User-Agent"] == "Afterword"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
    ],
)
def test_a_build_service_that_does_not_take_it_is_a_failure_with_a_reason(answer: bytes) -> None:
    with elsewhere(answer) as server:
        outcome = call_webhook(server.url)
    assert not outcome.ok
    assert outcome.log


def test_a_build_service_that_is_not_there_is_a_failure_with_a_reason() -> None:
    with elsewhere() as server:
        pass
    outcome = call_webhook(server.url)
    assert not outcome.ok
    assert "refused" in outcome.log


# Working in the background


class NoWaiting(threading.Event):
    """What a worker sleeps on: notes for how long it would, and ends it after some times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.times = times
        self.worker: Worker | None = None

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        if len(self.waits) == self.times:
            assert self.worker
            self.worker.end()
        return True


def waits(work: Callable[[], object], every: timedelta, times: int) -> list[float]:
    """How long a worker waits after each of so many rounds, in seconds."""
    sleep = NoWaiting(times)
    sleep.worker = Worker("test", work, every, _wake=sleep)
    sleep.worker._run()
    return sleep.waits


def test_a_worker_works_at_once_and_whenever_it_is_woken() -> None:
    done = threading.Semaphore(0)
    worker = Worker("test", done.release, HOUR)
    start_all([worker])
    for _ in range(3):
        assert done.acquire(timeout=PATIENCE)
        worker.wake()
    assert done.acquire(timeout=PATIENCE)
    end_all([worker])
    assert worker._thread
    assert not worker._thread.is_alive()


def test_a_worker_ends_after_what_it_is_doing() -> None:
    begun, may_end = threading.Event(), threading.Event()
    done: list[str] = []

    def work() -> None:
        begun.set()
        assert may_end.wait(PATIENCE)
        done.append("whole")

    worker = Worker("test", work, HOUR)
    worker.start()
    assert begun.wait(PATIENCE)
    ending = threading.Thread(target=worker.end)
    ending.start()
    may_end.set()
    ending.join(PATIENCE)
    assert done == ["whole"]


def test_a_worker_that_never_began_can_be_ended() -> None:
    Worker("test", lambda: None, HOUR).end()


def test_an_end_is_never_slept_through() -> None:
    class Late(threading.Event):
        def clear(self) -> None:
            worker.end()  # just now, when the worker has not begun to sleep
            super().clear()

    done: list[int] = []
    worker = Worker("test", lambda: done.append(1), HOUR, _wake=Late())
    thread = threading.Thread(target=worker._run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_worker_waits_longer_after_each_failure_up_to_ten_minutes() -> None:
    def fails() -> None:
        raise StoreBusy("locked")

    assert waits(fails, timedelta(seconds=5), 9) == [10, 20, 40, 80, 160, 320, 600, 600, 600]
    assert waits(fails, HOUR, 2) == [3600, 3600]


def test_a_worker_is_as_quick_as_before_after_a_success() -> None:
    outcomes = iter([False, False, True, False])

    def work() -> None:
        if not next(outcomes):
            raise StoreBusy("locked")

    assert waits(work, timedelta(seconds=5), 4) == [10, 20, 5, 10]


def test_a_worker_goes_on_however_often_it_fails() -> None:
    def fails() -> None:
        raise StoreBusy("locked")

    assert waits(fails, timedelta(seconds=5), 1500)[-1] == 600


def test_whatever_goes_wrong_is_logged_and_the_work_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    errors = iter([MailError("refused with 550", for_good=True), ValueError("what she typed")])

    def work() -> None:
        for error in errors:
            raise error

    with caplog.at_level(logging.WARNING, "afterword.upkeep"):
        waits(work, HOUR, 3)
    first, second = caplog.records
    assert (first.message, vars(first)["reason"]) == ("test failed", "mail: refused with 550")
    assert second.message == "test failed"
    assert second.exc_info
    assert second.exc_info[0] is ValueError
