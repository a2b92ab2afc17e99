"""How the tables came to be what they are, in numbered steps.

Each step is one transaction together with the row that records it. A step that has been
released is never changed; the next one mends it. The first makes the tables as they are by now,
so a new database has nothing else to do: its later steps are only recorded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, inspect, text

from afterword.errors import StoreError, StoreUnmade
from afterword.store.tables import METADATA
from afterword.store.writer import Begin


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, and what it does."""

    number: int
    name: str
    run: Callable[[Connection], None]


MIGRATIONS: Final[Sequence[Migration]] = (Migration(1, "the tables", METADATA.create_all),)


def migrate(begin: Begin, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Take every step that is missing. ``begin`` lets one process at a time write.

    Raises StoreError for a database that a newer program has changed.
    """
    with begin() as connection:
        connection.execute(
            text("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT)")
        )
        if _latest(connection) == 0:
            migrations[0].run(connection)
            for migration in migrations:
                _record(connection, migration)
    for migration in migrations:
        with begin() as connection:
            done = _latest(connection)
            _check_known(done, migrations)
            if migration.number > done:
                migration.run(connection)
                _record(connection, migration)


def check(begin: Begin, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Look, without changing anything, whether every step has been taken.

    Raises StoreUnmade if none has, and StoreError unless all have, and no newer ones.
    """
    with begin() as connection:
        if not inspect(connection).has_table("migrations") or not (done := _latest(connection)):
            raise StoreUnmade("has no tables yet")
    _check_known(done, migrations)
    if done < migrations[-1].number:
        raise StoreError(
            f"was made by an older version: it is at step {done} of {migrations[-1].number}; "
            "`afterword reconcile` takes the others"
        )


def _check_known(done: int, migrations: Sequence[Migration]) -> None:
    if done > migrations[-1].number:
        raise StoreError(
            f"was made by a newer version: it is at step {done}, this program knows "
            f"{migrations[-1].number}; update the program"
        )


def _record(connection: Connection, migration: Migration) -> None:
    connection.execute(
        text("INSERT INTO migrations (number, name) VALUES (:number, :name)"),
        {"number": migration.number, "name": migration.name},
    )


def _latest(connection: Connection) -> int:
    number = connection.execute(text("SELECT MAX(number) FROM migrations")).scalar()
    return number or 0
