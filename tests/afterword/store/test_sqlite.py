"""What is SQLite's own: a private file, shared by processes, read leniently."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from afterword.errors import StoreError
from afterword.model import Kind, Status
from afterword.store import Query
from afterword.store.sqlite import SqliteStore
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import received, sample

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "var/queue.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """The database, empty."""
    with closing(SqliteStore(path, Clock())) as one:
        yield one


def test_nobody_else_on_the_machine_can_read_it(store: SqliteStore, path: Path) -> None:
    each = sample(1)
    store.add(each, received(each))
    files = list(path.parent.iterdir())
    assert {file.name for file in files} >= {"queue.sqlite3", "queue.sqlite3-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("there", [b"no database at all, but a long enough text" * 100])
def test_a_file_that_is_none_of_ours_is_refused_and_kept(path: Path, there: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(there)
    with pytest.raises(StoreError, match="not a database"):
        SqliteStore(path, Clock())
    assert path.read_bytes() == there


def test_a_place_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("in the way")
    with pytest.raises(StoreError, match=f"{tmp_path}/var"):
        SqliteStore(tmp_path / "var/queue.sqlite3", Clock())


def test_one_odd_row_does_not_hide_the_others(store: SqliteStore, path: Path) -> None:
    for number in range(1, 4):
        each = sample(number)
        store.add(each, received(each))
    with closing(sqlite3.connect(path)) as connection, connection:
        odd = "status = 'held', kind = 'pigeon', reasons = '{', date = 9e18"
        connection.execute(f"UPDATE submissions SET {odd} WHERE id = 'a2'")  # noqa: S608  # ours
    found = {each.id: each for each in store.find(Query()).submissions}
    assert set(found) == {"a1", "a2", "a3"}
    assert (found["a2"].status, found["a2"].kind) == (Status.PENDING, Kind.COMMENT)
    assert (found["a2"].reasons, found["a2"].body) == ((), "Words 2.")


_VISIT = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("SELECT COUNT(*) FROM submissions").fetchone()
connection.close()
"""


def test_a_second_store_in_a_process_gives_nothing_of_the_first_away(
    store: SqliteStore, path: Path
) -> None:
    each = sample(1)
    store.add(each, received(each))
    log = path.with_name("queue.sqlite3-wal")
    before = log.stat().st_ino
    SqliteStore(path, Clock()).close()
    # Whoever is the last to close the database removes its log; this one is not.
    subprocess.run([sys.executable, "-c", _VISIT, str(path)], check=True)  # noqa: S603  # ours
    assert log.stat().st_ino == before
    other = sample(2)
    store.add(other, received(other))
    with closing(SqliteStore(path, Clock())) as second:
        assert second.get("a2") == other


_COUNTING = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from afterword.store.sqlite import SqliteStore
store = SqliteStore(Path(sys.argv[1]), lambda: datetime.now(UTC))
print("ready", flush=True)
sys.stdin.readline()
for _ in range(200):
    store.count("all", datetime.now(UTC) + timedelta(hours=1))
store.close()
"""


def test_processes_lose_nothing_to_one_another(store: SqliteStore, path: Path) -> None:
    processes = [
        subprocess.Popen(  # noqa: S603  # our own command line
            [sys.executable, "-c", _COUNTING, str(path)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "plugins")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.communicate("go\n")
    assert [process.returncode for process in processes] == [0, 0, 0]
    clock = Clock()
    assert store.count("all", clock()) == 601
