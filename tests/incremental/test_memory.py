"""Files that may be lost: begun anew where they are damaged, and nowhere else."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from incremental.memory import connect, is_damage, remove

TABLES = "CREATE TABLE one (value TEXT); CREATE TABLE two (value TEXT)"


def values(path: Path, version: int = 1) -> list[str]:
    with closing(connect(path, version, TABLES)) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM one")]


def put(path: Path, value: str) -> None:
    with closing(connect(path, 1, TABLES)) as connection, connection:
        connection.execute("INSERT INTO one VALUES (?)", (value,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A memory in a folder that was not there before."""
    path = tmp_path / "a/b/x.sqlite3"
    put(path, "kept")
    return path


def test_what_was_put_there_is_there(path: Path) -> None:
    assert values(path) == ["kept"]


def test_another_version_begins_anew(path: Path) -> None:
    assert values(path, version=2) == []
    assert values(path) == []


@pytest.mark.parametrize("damage", [b"no database " * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_one_begins_anew(path: Path, damage: bytes) -> None:
    path.write_bytes(damage)
    assert values(path) == []
    put(path, "new")
    assert values(path) == ["new"]


def test_one_that_is_in_use_is_not_damaged(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=0)) as one:
        one.execute("BEGIN IMMEDIATE")
        with (
            closing(sqlite3.connect(path, timeout=0)) as other,
            pytest.raises(sqlite3.DatabaseError) as raised,
        ):
            other.execute("BEGIN IMMEDIATE")
        assert not is_damage(raised.value)
    assert values(path) == ["kept"]


def test_tables_that_cannot_be_made_are_no_damage(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect(path.with_name("y.sqlite3"), 1, "CREATE TABLE")


def test_who_has_it_open_goes_on_when_it_is_removed(path: Path) -> None:
    with closing(connect(path, 1, TABLES)) as open_before:
        remove(path)
        assert list(path.parent.iterdir()) == []
        assert open_before.execute("SELECT value FROM one").fetchall() == [("kept",)]
    remove(path)
    assert values(path) == []
