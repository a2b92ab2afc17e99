"""Which store an address means, and what happens to one that is only looked into."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from afterword.errors import StoreError
from afterword.store.opening import look_into, open_store
from afterword.store.postgres import PostgresStore
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import SAMPLE, received


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_looked_into_stays_as_it_is(tmp_path: Path) -> None:
    for url in ("", f"sqlite:///{tmp_path}/other.sqlite3"):
        with closing(look_into(url, tmp_path / "var", Clock())) as nothing:
            assert nothing.get("a1") is None
        assert list(tmp_path.iterdir()) == []
    with closing(open_store("", tmp_path, Clock())) as store:
        store.add(SAMPLE, received(SAMPLE))
    before = contents(tmp_path)
    with closing(look_into("", tmp_path, Clock())) as store:
        assert store.get("a1") == SAMPLE
    assert contents(tmp_path) == before


def test_tables_of_another_version_are_not_looked_into(tmp_path: Path) -> None:
    open_store("", tmp_path, Clock()).close()
    with closing(sqlite3.connect(tmp_path / "queue.sqlite3")) as connection, connection:
        connection.execute("INSERT INTO migrations VALUES (99, 'from the future')")
    before = contents(tmp_path)
    with pytest.raises(StoreError, match="newer version"):
        look_into("", tmp_path, Clock())
    assert contents(tmp_path) == before


def test_an_empty_postgresql_database_stays_empty(postgres: str) -> None:
    with closing(look_into(postgres, Path(), Clock())) as store:
        assert store.get("a1") is None
    with pytest.raises(StoreError, match="has no tables yet"):
        PostgresStore(postgres, Clock(), as_it_is=True)


def test_addresses_that_mean_no_store_are_refused(tmp_path: Path) -> None:
    for url in ("mysql://localhost/x", "sqlite:relative", "x"):
        with pytest.raises(StoreError, match="no kind of database"):
            open_store(url, tmp_path, Clock())
