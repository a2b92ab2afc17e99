"""The stores that the contract is tried on, each one empty."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from afterword.store import Store
from afterword.store.memory import MemoryStore
from afterword.store.postgres import PostgresStore
from afterword.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **spans: float) -> None:
        """Let time pass."""
        self.now += timedelta(**spans)


@pytest.fixture
def clock() -> Clock:
    """A clock for the store."""
    return Clock()


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty database, where there is a server."""
    if "PGHOST" not in os.environ:
        pytest.skip("no PostgreSQL: install it (apt install postgresql), then make test uses it")
    name = f"test_{uuid.uuid4().hex}"
    user, password = os.environ["PGUSER"], os.environ.get("PGPASSWORD", "")
    place = f"{os.environ['PGHOST']}:{os.environ['PGPORT']}"
    _on_server(f'CREATE DATABASE "{name}"')
    yield f"postgresql://{user}:{password}@{place}/{name}"
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    with psycopg.connect(dbname="postgres", autocommit=True) as server:
        server.execute(statement.encode())


Open = Callable[[], Store]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Open:
    """A function that opens one and the same database, again and again."""
    if request.param == "memory":
        only = MemoryStore(clock)
        return lambda: only
    if request.param == "sqlite":
        return lambda: SqliteStore(tmp_path / "queue.sqlite3", clock)
    url = request.getfixturevalue("postgres")
    return lambda: PostgresStore(url, clock)


@pytest.fixture
def store(opened: Open) -> Iterator[Store]:
    """One store, empty."""
    with closing(opened()) as one:
        yield one
