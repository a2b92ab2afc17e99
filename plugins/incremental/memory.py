"""A file of ours that may be lost: what it holds can be made again."""

import sqlite3
from pathlib import Path


def connect(path: Path, version: int, tables: str) -> sqlite3.Connection:
    """Open an SQLite file with these tables; a damaged one, or another version's, is begun anew.

    After a power loss the last changes may be forgotten, and nothing else is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open(path, version, tables)
    except sqlite3.OperationalError:
        raise  # in use, or not to be written to: that is no damage
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _open(path, version, tables)


def _open(path: Path, version: int, tables: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _make_tables(connection, version, tables)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_tables(connection: sqlite3.Connection, version: int, tables: str) -> None:
    """Make the tables, unless another process has just done so."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found == version:
            return
        if found:
            raise sqlite3.DatabaseError(f"is of version {found}")
        for statement in tables.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version:d}")
