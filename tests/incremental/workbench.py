"""The process that builds what is ordered by ``workshop``: an order a line, by JSON."""

import datetime as dt
import gc
import json
import logging
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, Final, NoReturn

import pelican
from pelican import contents
from pelican.log import init as init_logging
from pelican.settings import DEFAULT_CONFIG

from afterword.configuration import Configuration
from afterword.publishing import Publisher
from incremental import plugin, reading, wholes, workers
from incremental.sources import Sources
from incremental.standby import Spent, Standby
from tests.incremental.workshop import NEEDS_BUILD, Order

# What a program does to files that a death may fall between.
_STEPS: Final = frozenset(
    {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "shutil.copyfile"}
)
_SPENT: Final = "spent"


def serve(orders: IO[str], answers: IO[str]) -> None:
    """Do what is ordered, one after the other."""
    # What is imported here no build has to import.
    for name in ("afterword", "categories", "related", "feeds", "incremental"):
        __import__(f"{name}.plugin")
    for extension in DEFAULT_CONFIG["MARKDOWN"]["extension_configs"]:
        __import__(extension)
    # With many processes, work is shared by them also where that makes it no faster.
    workers._WORTH_FORKING, workers._BLOCK, reading._WORTH_FORKING = 4, 2, 3  # type: ignore[misc]  # final elsewhere
    gc.collect()
    gc.freeze()
    residents: dict[str, Resident] = {}
    for line in orders:
        order = Order(**json.loads(line))
        for root in [root for root in residents if not Path(root).exists()]:
            residents.pop(root).end()
        status = _by_resident(order, residents) if order.resident else _by_itself(order)
        answers.write(f"{status}\n")
        answers.flush()


def _by_itself(order: Order) -> int:
    child = os.fork()
    if not child:
        with _alone() as ending:
            _prepare(order)
            ending(_publish() if order.publishing else _run(order.arguments))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _run(arguments: Sequence[str]) -> int:
    try:
        pelican.main(list(arguments))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def _publish() -> int:
    moment = dt.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), dt.UTC)
    publisher = Publisher(Path("output"), Path("var/build"), lambda: moment)
    result = publisher.publish(Configuration.read(Path("settings.py")))
    sys.stdout.write("\n".join(result.reasons))
    return NEEDS_BUILD if result.needed else 0


class Resident:
    """A process that has built a site, and stays to build it again."""

    def __init__(self) -> None:
        (question, self._asks), (self._answers, answer) = os.pipe(), os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(self._asks)
            os.close(self._answers)
            with _alone() as ending, os.fdopen(question) as questions:
                _stand_by(questions, lambda text: os.write(answer, text.encode()))
                ending(0)
        os.close(question)
        os.close(answer)

    def ask(self, order: Order) -> str:
        """Return its answer; nothing if it has died."""
        with suppress(BrokenPipeError):
            os.write(self._asks, (json.dumps(vars(order)) + "\n").encode())
        return os.read(self._answers, 99).decode()

    def end(self) -> None:
        """Let it go."""
        os.close(self._asks)
        os.close(self._answers)
        os.waitpid(self._process, 0)


def _by_resident(order: Order, residents: dict[str, Resident]) -> int:
    for _ in range(2):
        resident = residents.get(order.root) or Resident()
        residents[order.root] = resident
        answer = resident.ask(order)
        if answer not in {_SPENT, ""}:
            return int(answer)
        residents.pop(order.root).end()
    return 1  # a new one does not even get to begin


def _stand_by(questions: IO[str], answer: Callable[[str], object]) -> None:
    """What ``incremental.standby`` does, without importing everything."""
    init_logging(fatal="errors", handler=None, name="pelican", logs_dedup_min_level=logging.WARNING)
    standby: Standby | None = None
    for line in questions:
        order = Order(**json.loads(line))
        _prepare(order)
        if standby is None:
            place, output = order.arguments[0], order.arguments[order.arguments.index("-o") + 1]
            # As Pelican understands these arguments.
            absolute = {"PATH": os.path.abspath(place), "OUTPUT_PATH": os.path.abspath(output)}  # noqa: PTH100  # the same
            standby = Standby("settings.py", {**absolute, "DEBUG": False}, Sources(time.time_ns()))
        try:
            answered = standby.build()
        except Spent:
            answer(_SPENT)
            return
        sys.stdout.flush()
        sys.stderr.flush()
        answer(f"{int(not answered.ok)}")
        if not answered.folders:
            return
        standby.rest()


@contextmanager
def _alone() -> Iterator[Callable[[int], NoReturn]]:
    """A forked process, which ends here, with the status given or another one."""

    def ending(status: int) -> NoReturn:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    os.setpgid(0, 0)
    try:
        yield ending
    finally:
        os._exit(99)


def _prepare(order: Order) -> None:
    os.chdir(order.root)
    os.environ.update(order.environment)
    log = os.open("build.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    _set_clock(order.clock)
    if order.dies_at:
        _die_at(order.dies_at, with_workers=order.with_workers)


def _set_clock(seconds: int) -> None:
    """Have Pelican, and us, take posts for due that are due so much later."""

    class Ahead(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Ahead":
            return super().now(tz) + dt.timedelta(seconds=seconds)

    clock = Ahead if seconds else dt.datetime
    contents.datetime = SimpleNamespace(datetime=clock, UTC=dt.UTC)
    for module in (plugin, wholes):
        module.datetime = clock  # type: ignore[attr-defined]  # which it has imported


def _die_at(step: int, *, with_workers: bool) -> None:
    left = step
    ours = os.getpid()

    def take_step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(-os.getpgid(0) if with_workers else ours, signal.SIGKILL)

    def notice(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _STEPS or (event == "open" and _writes(*arguments)):
            take_step()

    class Watched(sqlite3.Connection):
        def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  # sqlite3's
            super().__init__(*arguments, **named)
            self.set_trace_callback(lambda _: take_step())

    connecting = sqlite3.connect

    def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:  # noqa: ANN401  # sqlite3's
        return connecting(*arguments, factory=Watched, **named)

    sqlite3.connect = connect  # type: ignore[assignment]  # nobody here calls it in other ways
    sys.addaudithook(notice)


def _writes(path: object, mode: str | None, flags: int) -> bool:
    del mode  # says less than the flags
    return isinstance(path, str) and bool(flags & (os.O_WRONLY | os.O_RDWR))


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
