"""Those who write at the same time share a commit, and nothing else."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from afterword.errors import IdTaken, StoreBusy, StoreError
from afterword.store.writer import GroupWriter, store_error
from tests.service import PATIENCE


class Disk:
    """A database that counts its commits, and can be slow or fail."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.commits = 0
        self.resets = 0
        self.entered = threading.Event()
        self.free = threading.Event()
        self.free.set()
        self.trouble: list[Exception] = []

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection
            self.entered.set()
            assert self.free.wait(PATIENCE)
            if self.trouble:
                raise self.trouble.pop(0)
        self.commits += 1

    def reset(self) -> None:
        self.resets += 1

    def kept(self) -> list[int]:
        with self.engine.connect() as connection:
            return sorted(connection.scalars(text("SELECT number FROM kept")))


@pytest.fixture
def disk() -> Iterator[Disk]:
    """An empty database in memory."""
    engine = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (number INTEGER)"))
    yield Disk(engine)
    engine.dispose()


@pytest.fixture
def writer(disk: Disk) -> GroupWriter:
    """A writer on it."""
    return GroupWriter(disk.begin, disk.reset)


class Keep:
    """A piece of work: keep a number, and then perhaps refuse or fail."""

    def __init__(self, number: int, trouble: Exception | None = None) -> None:
        self.number, self.trouble = number, trouble

    def __call__(self, connection: Connection) -> int:
        connection.execute(text("INSERT INTO kept VALUES (:n)"), {"n": self.number})
        if self.trouble:
            raise self.trouble
        return self.number


@contextmanager
def held(disk: Disk, writer: GroupWriter, *waiting: Keep) -> Iterator[list[Future[int]]]:
    """Have all these stand in line behind one that the disk is busy with, then let them go."""
    disk.free.clear()
    with ThreadPoolExecutor(len(waiting) + 1) as pool:
        first = pool.submit(writer.run, Keep(0))
        assert disk.entered.wait(PATIENCE)
        behind = [pool.submit(writer.run, each) for each in waiting]
        while len(writer._line) < len(waiting):  # nobody else can tell
            pass
        disk.free.set()
        assert first.result(PATIENCE) == 0
        yield behind


def test_who_is_alone_waits_for_nobody(disk: Disk, writer: GroupWriter) -> None:
    assert [writer.run(Keep(number)) for number in (1, 2, 3)] == [1, 2, 3]
    assert disk.commits == 3
    assert disk.kept() == [1, 2, 3]


def test_what_arrives_during_a_commit_goes_into_the_next_together(
    disk: Disk, writer: GroupWriter
) -> None:
    with held(disk, writer, *(Keep(number) for number in range(1, 41))) as behind:
        assert [each.result(PATIENCE) for each in behind] == list(range(1, 41))
    assert disk.commits == 2
    assert disk.kept() == list(range(41))


def test_nobody_is_answered_before_the_commit(disk: Disk, writer: GroupWriter) -> None:
    disk.free.clear()
    with ThreadPoolExecutor(1) as pool:
        one = pool.submit(writer.run, Keep(1))
        assert disk.entered.wait(PATIENCE)
        assert not one.done()
        disk.free.set()
        assert one.result(PATIENCE) == 1


def test_a_refusal_concerns_nobody_else_and_leaves_nothing(disk: Disk, writer: GroupWriter) -> None:
    with held(disk, writer, Keep(1), Keep(2, IdTaken("x")), Keep(3)) as (one, two, three):
        assert (one.result(PATIENCE), three.result(PATIENCE)) == (1, 3)
        with pytest.raises(IdTaken):
            two.result(PATIENCE)
    assert disk.commits == 2
    assert disk.kept() == [0, 1, 3]
    with pytest.raises(IdTaken):
        writer.run(Keep(4, IdTaken("x")))
    assert disk.kept() == [0, 1, 3]
    assert disk.resets == 0


def test_an_error_is_its_owners_alone(disk: Disk, writer: GroupWriter) -> None:
    with held(disk, writer, Keep(1), Keep(2, ZeroDivisionError()), Keep(3)) as (one, two, three):
        assert (one.result(PATIENCE), three.result(PATIENCE)) == (1, 3)
        with pytest.raises(ZeroDivisionError):
            two.result(PATIENCE)
    assert disk.kept() == [0, 1, 3]


def test_a_failing_disk_is_tried_once_more_for_each(disk: Disk, writer: GroupWriter) -> None:
    full = OperationalError("INSERT secrets", {}, Exception("database or disk is full"))
    with held(disk, writer, Keep(1), Keep(2)) as behind:
        pass
    disk.trouble = [full, full]
    with pytest.raises(StoreError, match="database: database or disk is full"):
        writer.run(Keep(3))
    disk.trouble = [full]
    assert writer.run_all([Keep(4), Keep(5)]) == [4, 5]
    assert [each.result() for each in behind] == [1, 2]
    assert disk.kept() == [0, 1, 2, 4, 5]
    assert disk.resets == 2


def test_many_from_one_share_a_commit_and_each_is_answered(disk: Disk, writer: GroupWriter) -> None:
    refusal = IdTaken("x")
    assert writer.run_all([Keep(1), Keep(2, refusal), Keep(3)]) == [1, refusal, 3]
    assert writer.run_all([]) == []
    assert disk.commits == 1
    assert disk.kept() == [1, 3]


def test_who_comes_when_too_many_wait_is_sent_away_at_once(disk: Disk, writer: GroupWriter) -> None:
    disk.free.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(writer.run, Keep(0))
        assert disk.entered.wait(PATIENCE)
        many = pool.submit(writer.run_all, [Keep(number) for number in range(1, 1001)])
        while len(writer._line) < 1000:  # nobody else can tell
            pass
        with pytest.raises(StoreBusy):
            writer.run(Keep(-1))
        disk.free.set()
        assert first.result(PATIENCE) == 0
        assert many.result(PATIENCE) == list(range(1, 1001))
    assert disk.kept() == list(range(1001))
    assert disk.commits == 6  # two hundred at most in each


def test_closing_waits_for_what_was_taken_and_takes_no_more(
    disk: Disk, writer: GroupWriter
) -> None:
    disk.free.clear()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(writer.run, Keep(1))
        assert disk.entered.wait(PATIENCE)
        closing = pool.submit(writer.close)
        while not writer._closed:  # nobody else can tell
            pass
        assert not closing.done()
        with pytest.raises(StoreError, match="closed"):
            writer.run(Keep(2))
        disk.free.set()
        closing.result(PATIENCE)
        assert one.result(PATIENCE) == 1
    writer.close()
    assert disk.kept() == [1]


@pytest.mark.parametrize(
    ("said", "busy"),
    [
        ("database is locked", True),
        ("deadlock detected\nDETAIL: Process 1", True),
        ("connection timeout expired", True),
        ("database or disk is full", False),
        ("", False),
    ],
)
def test_what_a_driver_says_is_told_without_what_was_to_be_stored(said: str, *, busy: bool) -> None:
    error = store_error(OperationalError("INSERT secrets", {"body": "secret"}, Exception(said)))
    assert isinstance(error, StoreBusy) is busy
    assert isinstance(error, StoreError)
    assert "secret" not in str(error)
    assert "\n" not in str(error)
