"""PostgreSQL restarted, and its connections cut, under load: nothing acknowledged is lost."""

import shutil
import subprocess
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest

from afterword.errors import StoreError
from afterword.store import Query
from afterword.store.postgres import PostgresStore
from tests.afterword.store.conftest import postgres  # noqa: F401  # a fixture
from tests.afterword.store.samples import received, sample
from tests.faults.conftest import Start

pytestmark = pytest.mark.faults

PATIENCE = 30


def now() -> datetime:
    return datetime.now(UTC)


def restart() -> None:
    """Restart the server as its owner would."""
    control, listing = shutil.which("pg_ctlcluster"), shutil.which("pg_lsclusters")
    if not control or not listing:
        pytest.skip("no pg_ctlcluster: apt install postgresql-common")
    clusters = subprocess.run([listing, "-h"], capture_output=True, text=True, check=True).stdout  # noqa: S603  # Debian's
    version, name = next(line.split()[:2] for line in clusters.splitlines() if "regress" in line)
    subprocess.run([control, version, name, "restart", "-m", "immediate"], check=True)  # noqa: S603  # as above


def test_a_restart_under_load_loses_nothing(postgres: str) -> None:  # noqa: F811  # the fixture
    acknowledged: list[str] = []
    refused: list[str] = []
    stop = threading.Event()
    with closing(PostgresStore(postgres, now)) as store:

        def run(number: int) -> None:
            turn = 0
            while not stop.is_set():
                turn += 1
                name = f"t{number}-{turn}"
                each = sample(1, id=name, fingerprint=name)
                try:
                    store.add(each, received(each))
                except StoreError:
                    refused.append(name)
                else:
                    acknowledged.append(name)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(3):
                grown_by(acknowledged, 50)
                restart()
            grown_by(acknowledged, 50)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        found = {each.id for each in store.find(Query(limit=1_000_000)).submissions}
        assert set(acknowledged) <= found
        assert refused
        # What was refused may have got there all the same, and counts once if sent again.
        for name in refused[:20]:
            each = sample(1, id=name, fingerprint=name)
            assert store.add(each, received(each)).id == name


def grown_by(names: list[str], number: int) -> None:
    """Wait until so many more have been acknowledged."""
    wanted = len(names) + number
    deadline = time.monotonic() + PATIENCE
    while len(names) < wanted:
        assert time.monotonic() < deadline, "it does not recover"
        time.sleep(0.01)


def test_two_processes_share_one_queue(postgres: str, start: Start, tmp_path: object) -> None:  # noqa: F811  # the fixture
    workers = [start("add", postgres, tmp_path, 4, 25) for _ in range(2)]
    outputs = [worker.communicate(timeout=PATIENCE)[0] for worker in workers]
    names = {line[1:] for output in outputs for line in output.split("\n") if line[:1] == "+"}
    assert len(names) == 200
    with closing(PostgresStore(postgres, now)) as store:
        assert {each.id for each in store.find(Query(limit=1000)).submissions} == names
        assert len({each.sequence for each in store.decisions(0, 1000)}) == 200


def test_a_cut_connection_is_made_anew(postgres: str) -> None:  # noqa: F811  # the fixture
    with closing(PostgresStore(postgres, now)) as store:
        store.add(sample(1), received(sample(1)))
        with psycopg.connect(postgres, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert store.get("a1") == sample(1)
        store.add(sample(2), received(sample(2)))
