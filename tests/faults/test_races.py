"""Of opposite decisions at once exactly one wins, and the history tells it as it was."""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from afterword import commentfile
from afterword.antispam import Policy
from afterword.model import Status
from afterword.moderation import Desk, Hand, Outcome, Press, Result, Seen
from afterword.store.sqlite import SqliteStore
from afterword.submission import Action, Door
from tests.afterword.store.samples import received, sample
from tests.faults.conftest import ROUNDS
from tests.faults.worker import now

pytestmark = pytest.mark.faults

HAND = Hand(Door.WEB, "moderator")


def test_of_opposite_decisions_at_once_exactly_one_wins(tmp_path: Path) -> None:
    press = Press(tmp_path / "comments", tmp_path / "press.lock")
    # Two stores on one file, as two processes have.
    with (
        closing(SqliteStore(tmp_path / "queue.sqlite3", now)) as one,
        closing(SqliteStore(tmp_path / "queue.sqlite3", now)) as two,
    ):
        desks = [Desk(store, press, Policy(), now, lambda: "new") for store in (one, two)]
        for number in range(ROUNDS * 5):
            each = sample(number, replyto=None)
            one.add(each, received(each))
            _race(desks, each.id, tmp_path)


def _race(desks: list[Desk], name: str, folder: Path) -> None:
    seen, now_ = Seen(name, 1), desks[0].get(name)
    words = {
        "author": now_.author,
        "email": now_.email,
        "website": "https://example.org/",
        "body": "Other words.",
    }
    attempts: list[Callable[[], Outcome]] = [
        lambda: desks[0].decide([seen], Action.APPROVE, HAND)[0],
        lambda: desks[1].decide([seen], Action.SPAM, HAND)[0],
        lambda: desks[0].edit(seen, HAND, **words),
        lambda: desks[1].withdraw(seen),
        lambda: desks[1].revise(seen, **words),
    ]
    outcomes: list[Outcome] = []
    barrier = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], Outcome]) -> None:
        barrier.wait()
        outcomes.append(attempt())

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results = sorted(outcome.result for outcome in outcomes)
    # Two edits to the same words agree with each other; everything else has one winner.
    assert results.count(Result.DONE) == 1, outcomes
    assert results.count(Result.CHANGED) + results.count(Result.ALREADY) == len(attempts) - 1
    assert desks[0].reconcile().failed == ()
    final = desks[0].get(name)
    history = desks[0].store.history(name)
    assert len(history) == final.revision == 2
    assert history[-1].after is final.status
    path = commentfile.place(folder / "comments", final.entry, name)
    assert path.exists() == (final.status is Status.APPROVED)
    assert replace(final, settled=True) == final
