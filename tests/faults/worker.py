"""What is killed, starved and unplugged: run as `python -m tests.faults.worker`.

``add URL FOLDER THREADS COUNT`` adds submissions and prints ``+id`` for each that is kept and
``-id`` for each that is refused; ``approve FOLDER ID`` and ``trash FOLDER ID`` decide.
"""

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from afterword.antispam import Policy
from afterword.errors import StoreError
from afterword.moderation import Desk, Hand, Press, Seen
from afterword.store import Store
from afterword.store.opening import open_store
from afterword.submission import Action, Door
from tests.afterword.store.samples import received, sample


def now() -> datetime:
    return datetime.now(UTC)


def desk(store: Store, folder: Path) -> Desk:
    """Everything that decides, in one folder."""
    press = Press(folder / "comments", folder / "press.lock")
    return Desk(store, press, Policy(), now, lambda: "new")


def add(url: str, folder: Path, threads: int, count: int) -> None:
    store = open_store(url, folder, now)

    def run(number: int) -> None:
        for turn in range(count):
            name = f"p{os.getpid()}-{number}-{turn}"
            each = sample(1, id=name, fingerprint=name)
            try:
                store.add(each, received(each))
            except StoreError:
                os.write(1, f"-{name}\n".encode())
            else:
                os.write(1, f"+{name}\n".encode())

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    store.close()


def decide(folder: Path, action: Action, submission_id: str) -> None:
    with closing(open_store("", folder, now)) as store, suppress(StoreError):
        desk(store, folder).decide([Seen(submission_id)], action, Hand(Door.CLI, "worker"))


def main(arguments: Sequence[str]) -> None:
    name, *rest = arguments
    if name == "add":
        url, folder, threads, count = rest
        add(url, Path(folder), int(threads), int(count))
    else:
        decide(Path(rest[0]), Action(name), rest[1])


if __name__ == "__main__":
    main(sys.argv[1:])
