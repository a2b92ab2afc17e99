"""The queue in a file, with nothing to set up."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from afterword.errors import StoreError, StoreUnmade
from afterword.store.migrations import check, migrate
from afterword.store.sql import SqlStore
from afterword.store.writer import store_error
from incremental.turns import taking_turns

_PATIENCE_SECONDS: Final = 10
# As many as the service has threads; each stays open, since opening costs more than asking.
_CONNECTIONS: Final = 40
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    # NORMAL would lose what was acknowledged last when the power goes.
    "PRAGMA synchronous = FULL",
    # What is deleted is overwritten with zeros.
    "PRAGMA secure_delete = ON",
)


class SqliteStore(SqlStore):
    """A store in an SQLite database, which any number of processes may share.

    ``as_it_is`` makes nothing and takes no step: for those who only read. Raises StoreError.
    """

    def __init__(
        self, path: Path, clock: Callable[[], datetime], *, as_it_is: bool = False
    ) -> None:
        if as_it_is and not path.exists():
            raise StoreUnmade(f"{path} does not exist yet")
        if not as_it_is:
            _make_private(path)
        self._reading = _engine(path, "BEGIN")
        self._writing = _engine(path, "BEGIN IMMEDIATE")
        self._lock_file = path.with_name(f"{path.name}.lock")
        try:
            if as_it_is:
                check(self._reading.begin)
            else:
                migrate(self._begin_write)
        except (SQLAlchemyError, StoreError) as error:
            self._reset()
            raise store_error(error) from None
        super().__init__(self._reading.begin, self._begin_write, self._reset, insert, clock)

    def close(self) -> None:
        super().close()
        self._reset()

    @contextmanager
    def _begin_write(self) -> Iterator[Connection]:
        # SQLite waits for other processes by trying again and again; this queues for them.
        with taking_turns(self._lock_file), self._writing.begin() as connection:
            yield connection

    def _reset(self) -> None:
        self._reading.dispose()
        self._writing.dispose()

    def _scrub(self) -> None:
        """Empty the log, and write the database anew without what was deleted."""
        self._reset()
        with _translated_raw(), self._writing.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A file that is there must not be opened here: closing it again would end the locks that
        # SQLite holds on it for this process (POSIX.1, fcntl), and others take it for unused.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def _engine(path: Path, begin: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path.resolve()}",
        pool_size=_CONNECTIONS,
        max_overflow=0,
        connect_args={"timeout": _PATIENCE_SECONDS, "isolation_level": None},
    )

    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    # The driver must not begin transactions of its own; ours take the lock they will need.
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


@contextmanager
def _translated_raw() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise StoreError(str(error)) from None
