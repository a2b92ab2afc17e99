"""What a running service does by itself: build after changes, send mail, forget what is old.

Any number of processes may do so on one store; each piece of work is done by one of them.
"""

import json
import logging
import threading
import urllib.request
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError

from afterword.building import Outcome
from afterword.errors import AfterwordError, BuildFailed
from afterword.settings import Settings
from afterword.store import Changes, Store
from incremental.turns import taking_turns

log: Final = logging.getLogger(__name__)

_FOR_EVER: Final = timedelta(days=36_500)
# Above so many changes the whole folder is looked through.
_MANY: Final = 500

Build = Callable[[Collection[str] | None], Outcome]


@dataclass(frozen=True)
class Builder:
    """Brings the site up to date when published files have changed since that was last done.

    ``build`` is told which entries the responses belong to; None stands for any.
    """

    store: Store
    build: Build
    lock_file: Path

    def __call__(self) -> None:
        """Build if there is anything to build; a change during the build leads to another."""
        if self._behind() is None:
            return
        with taking_turns(self.lock_file):
            changes = self._behind()
            if changes is None:  # another process has done it meanwhile
                return
            outcome = self.build(changed_entries(self.store, changes.built))
            if outcome.ok:
                self.store.built(changes.made)
            else:
                raise BuildFailed(outcome.log[-2000:])

    def _behind(self) -> Changes | None:
        changes = self.store.changes()
        return changes if changes.made > changes.built else None


def changed_entries(store: Store, number: int) -> Collection[str] | None:
    """The entries whose published files have changed after this change.

    None if there are too many of them to be looked at one by one, or if nobody knows.
    """
    found = store.settled_since(number, _MANY + 1)
    return {each.entry for _, each in found} if 0 < len(found) <= _MANY else None


def call_webhook(address: str) -> Outcome:
    """Tell a build service that there is something new. Says nothing about anybody."""
    request = urllib.request.Request(  # noqa: S310  # the owner's own address; https is checked
        address,
        data=json.dumps({"event": "responses-changed"}).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "Afterword"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # as above
            return Outcome(ok=True, log=f"status {answer.status}")
    except HTTPError as error:
        error.close()
        return Outcome(ok=False, log=str(error))
    except (OSError, HTTPException) as error:
        return Outcome(ok=False, log=str(error))


@dataclass(frozen=True)
class Expiry:
    """Forgets what is older than the settings say."""

    store: Store
    settings: Settings
    clock: Callable[[], datetime]

    def __call__(self) -> None:
        """Delete old spam and trash, and old hashes of addresses."""
        now = self.clock()
        days = self.settings.spam_days
        self.store.expire(
            now - timedelta(days=self.settings.address_days),
            now - (timedelta(days=days) if days else _FOR_EVER),
        )


@dataclass
class Worker:
    """A thread that does a piece of work again and again, and sooner when it is woken.

    After a failure it waits longer each time, up to ten minutes.
    """

    name: str
    work: Callable[[], object]
    every: timedelta
    _wake: threading.Event = field(default_factory=threading.Event)
    _ended: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Do it now."""
        self._wake.set()

    def end(self) -> None:
        """Finish what is being done, and stop."""
        self._ended = True
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=30)

    def _run(self) -> None:
        failures = 0
        while True:
            self._wake.clear()
            if self._ended:  # looked at after clearing, so that no end is slept through
                return
            try:
                self.work()
                failures = 0
            except AfterwordError as error:
                failures += 1
                log.warning("%s failed", self.name, extra={"reason": str(error)})
            except Exception:
                failures += 1
                log.exception("%s failed", self.name)  # and goes on, whatever it was
            seconds = self.every.total_seconds() * 2 ** min(failures, 20)
            self._wake.wait(min(seconds, max(600.0, self.every.total_seconds())))


def start_all(workers: Sequence[Worker]) -> None:
    """Start them."""
    for worker in workers:
        worker.start()


def end_all(workers: Sequence[Worker]) -> None:
    """Stop them, each after what it is doing."""
    for worker in workers:
        worker.end()
