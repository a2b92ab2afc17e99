"""How many responses the service takes beside Isso, in one run on one machine: ``make bench``.

Both keep a response in SQLite and answer when it is on disk, both in two processes on two cores
of their own; the clients have the other cores. Each is measured in turn, three times over, and
the median counts.
"""

import asyncio
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table

from bench import load
from bench.load import Request, Result
from tests.service import Service, blog, free_port, intake
from tests.site import Site

ROOT: Final = Path(__file__).parent.parent
ROUNDS: Final = 3
SECONDS: Final = 4
CONNECTIONS: Final = (1, 8, 32)
OFFERED: Final = 2000
SLOW: Final = 1000
PENDING: Final = 100_000

_ISSO: Final = """\
[general]
dbpath = {folder}/isso.db
host = http://127.0.0.1/
[moderation]
enabled = true
[guard]
enabled = false
[server]
listen = http://127.0.0.1:{port}
"""


@dataclass(frozen=True)
class Contender:
    """A service under load: where it listens, what it is sent, how many it has kept."""

    name: str
    port: int
    request: Callable[[int], bytes]
    kept: Callable[[], int]


def main() -> None:
    """Measure, and print what came of it."""
    say = Console(highlight=False)
    servers, clients = _cores()
    say.print(f"servers on cores {_named(servers)}, clients on cores {_named(clients)}")
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    isso = _isso_environment(folder, say)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        here = Path(scratch)
        site = blog(Site(here / "blog"))
        os.sched_setaffinity(0, servers)
        with intake(site) as service, _isso(isso, here) as other:
            os.sched_setaffinity(0, clients)
            ours = Contender("Afterword", service.port, _ours, lambda: _rows(site, "submissions"))
            say.print(_beside(ours, other))
            _overload(ours, say)
            _slow(ours, say)
            _long_queue(service, say)


def _cores() -> tuple[set[int], set[int]]:
    """Two cores for the servers and the others for the clients, where there are so many."""
    cores = sorted(os.sched_getaffinity(0))
    return (set(cores[:2]), set(cores[2:])) if len(cores) > 3 else (set(cores), set(cores))


def _named(cores: set[int]) -> str:
    return ", ".join(map(str, sorted(cores)))


# What is compared


def _words(number: int) -> str:
    return (
        f"Thought number {number}: I have read this twice, and you are right about most of it, "
        f"but not about the coffee. {number * 7919 % 104729}"
    )


def _ours(number: int) -> bytes:
    reader = number % 977
    fields = {
        "entry": "first",
        "author": f"Reader {reader}",
        "email": f"reader{reader}@example.org",
        "website": "",
        "body": _words(number),
        "action": "post",
    }
    # Each from an address of its own: so many from one would be a flood.
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return _post(
        "/comments/submit",
        urlencode(fields).encode(),
        "application/x-www-form-urlencoded",
        f"X-Forwarded-For: {address}\r\n",
    )


def _to_isso(number: int) -> bytes:
    reader = number % 977
    fields = {
        "author": f"Reader {reader}",
        "email": f"reader{reader}@example.org",
        "website": None,
        "text": _words(number),
        "parent": None,
        "title": "A first page",
    }
    return _post("/new?uri=%2Ffirst%2F", json.dumps(fields).encode(), "application/json")


def _post(path: str, body: bytes, kind: str, more: str = "") -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{more}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _rows(site: Site, table: str) -> int:
    return _count(site.root / "var" / "queue.sqlite3", table)


def _count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # our own word


def _isso_environment(folder: Path, say: Console) -> Path:
    """An environment of its own for Isso, made once."""
    environment, wanted = folder / "isso", ROOT / "bench" / "isso.txt"
    stamp = environment / "made-of"
    if not stamp.exists() or stamp.read_text() != wanted.read_text():
        say.print("Setting up Isso …")
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run(  # noqa: S603  # our own words
            [environment / "bin" / "pip", "install", "--quiet", "--requirement", wanted], check=True
        )
        stamp.write_text(wanted.read_text())
    return environment


@contextmanager
def _isso(environment: Path, folder: Path) -> Iterator[Contender]:
    """Run Isso as its documentation advises: under gunicorn."""
    port, settings = free_port(), folder / "isso.cfg"
    settings.write_text(_ISSO.format(folder=folder, port=port))
    with (folder / "isso.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603  # our own words
            [environment / "bin" / "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "isso.run"],
            env=os.environ | {"ISSO_SETTINGS": str(settings)},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    request, database = _to_isso, folder / "isso.db"
    try:
        asyncio.run(load.until_answered(port))
        yield Contender("Isso", port, request, lambda: _count(database, "comments"))
    finally:
        process.terminate()
        process.wait()


# What is measured


class _Numbers:
    """Makes each request of a run unlike any other."""

    def __init__(self) -> None:
        self._last = 0

    def of(self, request: Callable[[int], bytes]) -> Request:
        """A maker of requests that counts on where the last one stopped."""

        def make(_: int) -> bytes:
            self._last += 1
            return request(self._last)

        return make


def _beside(ours: Contender, other: Contender) -> Table:
    """Measure both in turn, at each number of connections."""
    numbers = _Numbers()
    table = Table(box=None, title="Responses taken a second, each on disk when it is answered")
    for head in ("connections", ours.name, "p50", "p99", other.name, "p50", "p99", "ratio"):
        table.add_column(head, justify="right")
    for connections in CONNECTIONS:
        found: dict[str, list[Result]] = {ours.name: [], other.name: []}
        for _ in range(ROUNDS):
            for each in (ours, other):
                before = each.kept()
                result = asyncio.run(
                    load.closed(each.port, numbers.of(each.request), connections, SECONDS)
                )
                _check(each, result, each.kept() - before)
                found[each.name].append(result)
        one, two = found[ours.name], found[other.name]
        table.add_row(
            str(connections), *_columns(one), *_columns(two), f"{_rate(one) / _rate(two):.1f}"
        )
    return table


def _check(each: Contender, result: Result, kept: int) -> None:
    """A figure counts only if all was taken, and all that was taken is there."""
    if result.accepted != len(result.waits) or kept != result.accepted:
        sys.exit(f"{each.name} kept {kept} of {dict(result.statuses)}")


def _columns(results: list[Result]) -> tuple[str, str, str]:
    return f"{_rate(results):.0f}", _wait(results, 0.5), _wait(results, 0.99)


def _rate(results: list[Result]) -> float:
    return statistics.median(each.rate for each in results)


def _wait(results: list[Result], part: float) -> str:
    return f"{statistics.median(each.quantile(part) for each in results) * 1000:.0f} ms"


def _overload(ours: Contender, say: Console) -> None:
    result = asyncio.run(load.offered(ours.port, lambda n: _ours(n + 5_000_000), OFFERED, SECONDS))
    kinds = ", ".join(f"{number} with {status}" for status, number in result.statuses.most_common())
    say.print(f"{OFFERED} a second offered: {kinds}; p99 {result.quantile(0.99) * 1000:.0f} ms")


def _slow(ours: Contender, say: Console) -> None:
    """Good clients alone, and beside many that never finish what they send."""

    async def measure(first: int) -> Result:
        return await load.closed(ours.port, lambda n: _ours(n + first), 8, SECONDS)

    async def beside() -> Result:
        head = _ours(0)[:-20]
        writers = await load.slow(ours.port, head, SLOW)
        try:
            return await measure(7_000_000)
        finally:
            for writer in writers:
                writer.close()

    alone, crowded = asyncio.run(measure(6_000_000)), asyncio.run(beside())
    say.print(
        f"p99 at 8 connections: {alone.quantile(0.99) * 1000:.0f} ms, "
        f"beside {SLOW} slow ones {crowded.quantile(0.99) * 1000:.0f} ms"
    )


def _long_queue(service: Service, say: Console) -> None:
    """The moderator's first page of a long queue."""
    _fill(service.site.root / "var" / "queue.sqlite3")
    service.log_in()
    for what, path in (
        ("first page", "/moderate/"),
        ("page 1,000", "/moderate/?page=1000"),
        ("search", "/moderate/?q=number%2099999%3A"),
    ):
        waits = []
        for _ in range(5):
            start = time.perf_counter()
            answer = service.get(path)
            waits.append(time.perf_counter() - start)
            if answer.status != 200:
                sys.exit(f"{path}: {answer.status}")
        say.print(f"{what} of {PENDING:,} pending: {statistics.median(waits) * 1000:.0f} ms")


def _fill(database: Path) -> None:
    """Make many of one: so many rows by way of the form would take minutes."""
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(submissions)")]
        own = {
            "id": "printf('q%09d', n)",
            "fingerprint": "printf('q%09d', n)",
            "body": "printf('Thought number %d: much like the others.', n)",
            "date": "date + n",
            "status": "'pending'",
        }
        values = ", ".join(own.get(name, name) for name in names)
        connection.execute(
            "WITH RECURSIVE numbers(n) AS "  # noqa: S608  # our own names
            f"(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {PENDING}) "
            f"INSERT INTO submissions ({', '.join(names)}) "
            f"SELECT {values} FROM (SELECT * FROM submissions LIMIT 1), numbers"
        )


if __name__ == "__main__":
    main()
