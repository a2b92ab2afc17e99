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
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        remove(path)
        return _open(path, version, tables)


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether an error is the file's: not that it is in use, or that somebody uses it wrongly."""
    return type(error) is sqlite3.DatabaseError


def remove(path: Path) -> None:
    """Remove such a file, and what SQLite puts beside it; others go on with what they opened."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


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
