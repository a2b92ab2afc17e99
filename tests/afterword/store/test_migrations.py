"""Numbered steps: each taken once, in order, whole or not at all, by whoever comes first."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from afterword.errors import StoreError, StoreUnmade
from afterword.store.migrations import Migration, check, migrate
from afterword.store.postgres import PostgresStore
from afterword.store.sqlite import SqliteStore
from tests.afterword.store.conftest import Clock, Open


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database, in which tables are made within transactions."""
    one = create_engine(f"sqlite:///{tmp_path}/x.sqlite3", connect_args={"isolation_level": None})
    event.listen(one, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    yield one
    one.dispose()


def step(number: int, statement: str) -> Migration:
    def run(connection: Connection) -> None:
        connection.execute(text(statement))

    return Migration(number, f"step {number}", run)


FIRST = step(1, "CREATE TABLE shelf (book TEXT)")
SECOND = step(2, "ALTER TABLE shelf ADD COLUMN author TEXT DEFAULT 'unknown'")
THIRD = step(3, "UPDATE shelf SET book = upper(book)")


def recorded(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT number FROM migrations ORDER BY number")))


def books(engine: Engine) -> list[tuple[str, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT * FROM shelf"))]


def test_a_database_is_brought_up_step_by_step_and_keeps_what_it_holds(engine: Engine) -> None:
    migrate(engine.begin, [FIRST])
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO shelf VALUES ('emma')"))
    for _ in range(2):  # the second time there is nothing to do
        migrate(engine.begin, [FIRST, SECOND, THIRD])
        assert books(engine) == [("EMMA", "unknown")]
    assert recorded(engine) == [1, 2, 3]


def test_a_new_database_has_nothing_to_catch_up_with(engine: Engine) -> None:
    as_it_is_by_now = step(1, "CREATE TABLE shelf (book TEXT, author TEXT)")
    migrate(engine.begin, [as_it_is_by_now, SECOND, THIRD])
    assert recorded(engine) == [1, 2, 3]
    assert books(engine) == []


def test_a_step_that_fails_leaves_nothing_and_can_be_taken_again(engine: Engine) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE shelf ADD COLUMN author TEXT"))
        raise StoreError("the disk is full")

    migrate(engine.begin, [FIRST])
    with pytest.raises(StoreError, match="the disk is full"):
        migrate(engine.begin, [FIRST, Migration(2, "fails", fail), THIRD])
    assert recorded(engine) == [1]
    assert [column["name"] for column in inspect(engine).get_columns("shelf")] == ["book"]
    migrate(engine.begin, [FIRST, SECOND, THIRD])
    assert recorded(engine) == [1, 2, 3]


def test_who_only_looks_takes_no_step(engine: Engine) -> None:
    with pytest.raises(StoreUnmade):
        check(engine.begin, [FIRST])
    assert inspect(engine).get_table_names() == []
    migrate(engine.begin, [FIRST, SECOND])
    check(engine.begin, [FIRST, SECOND])
    with pytest.raises(StoreError, match="older version: it is at step 2 of 3"):
        check(engine.begin, [FIRST, SECOND, THIRD])
    with pytest.raises(StoreError, match="newer version: it is at step 2"):
        check(engine.begin, [FIRST])
    assert recorded(engine) == [1, 2]


LATER = "INSERT INTO migrations (number, name) VALUES (99, 'from the future')"
REFUSAL = "newer version: it is at step 99.*update the program"


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite3"
    SqliteStore(path, Clock()).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(LATER)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=REFUSAL):
        SqliteStore(path, Clock())
    assert path.read_bytes() == before


def test_a_newer_postgresql_database_is_refused(postgres: str) -> None:
    PostgresStore(postgres, Clock()).close()
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(LATER)
    with pytest.raises(StoreError, match=REFUSAL):
        PostgresStore(postgres, Clock())


def test_who_starts_at_the_same_time_takes_each_step_once(opened: Open) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: opened(), range(8)))
    for store in stores:
        store.check()
    for store in stores:
        store.close()
