"""The queue in PostgreSQL, for those who have one, or several machines to share it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import psycopg
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from afterword.errors import StoreError
from afterword.store.migrations import check, migrate
from afterword.store.sql import SqlStore
from afterword.store.tables import METADATA
from afterword.store.writer import store_error

# Any number; it names the lock under which all our processes take turns to write.
_WRITERS: Final = 0x41667465


class PostgresStore(SqlStore):
    """A store in a PostgreSQL database, which any number of processes and machines may share.

    ``as_it_is`` makes nothing and takes no step: for those who only read. Raises StoreError.
    """

    def __init__(self, url: str, clock: Callable[[], datetime], *, as_it_is: bool = False) -> None:
        try:
            address = make_url(url).set(drivername=f"postgresql+{psycopg.__name__}")
            self._engine = create_engine(
                address,
                pool_pre_ping=True,
                pool_size=10,
                max_overflow=30,
                connect_args={"connect_timeout": 5},
            )
        except (SQLAlchemyError, ValueError):
            raise StoreError("AFTERWORD_DATABASE_URL is no postgresql:// address") from None
        try:
            if as_it_is:
                check(self._begin_read_transaction)
            else:
                migrate(self._begin_write_transaction)
        except (SQLAlchemyError, StoreError) as error:
            self._engine.dispose()
            raise store_error(error) from None
        super().__init__(
            self._begin_read_transaction,
            self._begin_write_transaction,
            self._engine.dispose,
            insert,
            clock,
        )

    def close(self) -> None:
        super().close()
        self._engine.dispose()

    @contextmanager
    def _begin_write_transaction(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            # Released with the transaction. Writers take turns, so that what one has counted
            # or numbered nobody else does.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITERS})"))
            yield connection

    @contextmanager
    def _begin_read_transaction(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            snapshot = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with snapshot.begin():
                yield snapshot

    def _scrub(self) -> None:
        """Write the tables anew without what was deleted. The server's log is its owner's."""
        with self._engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in METADATA.sorted_tables:
                plain.execute(text(f"VACUUM FULL {table.name}"))
