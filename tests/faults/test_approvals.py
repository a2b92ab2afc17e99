"""A decision that is interrupted anywhere is finished by `reconcile`, or was never made."""

import errno
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from afterword import commentfile
from afterword.model import Status
from afterword.moderation import Desk, Hand, Seen
from afterword.moderation.decisions import TARGET
from afterword.store.sqlite import SqliteStore
from afterword.submission import Action, Door
from tests.afterword.store.samples import received, sample
from tests.faults.conftest import Disk, Start
from tests.faults.worker import desk, now

pytestmark = pytest.mark.faults

EACH = sample(1, replyto=None)
HAND = Hand(Door.CLI, "somebody")
MOST_CALLS = 25  # more of one kind than a decision makes


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    with closing(SqliteStore(folder / "queue.sqlite3", now)) as store:
        yield desk(store, folder)


def agrees(folder: Path) -> Status:
    """Reconcile, and hold the files against the queue; return what has been decided."""
    with opened(folder) as one:
        assert one.reconcile().failed == ()
        each = one.get("a1")
        path = commentfile.place(folder / "comments", "first", "a1")
        if each.status is Status.APPROVED:
            assert commentfile.read(path, "first") == each.comment()
        else:
            assert not path.exists()
        assert each.settled
        assert [d.after for d in one.store.history("a1")][-1] is each.status
        return each.status


@pytest.mark.parametrize("fault", ["kill", errno.ENOSPC, errno.EIO], ids=["kill", "ENOSPC", "EIO"])
@pytest.mark.parametrize("calls", ["sync", "write", "name"])
@pytest.mark.parametrize("action", [Action.APPROVE, Action.TRASH])
def test_a_decision_interrupted_at_any_call_is_whole_or_nothing(
    tmp_path: Path, worker_at: Callable[..., int], action: Action, calls: str, fault: object
) -> None:
    statuses = []
    for at in range(1, 60):
        folder = tmp_path / f"{at}"
        with opened(folder) as one:
            one.store.add(EACH, received(EACH))
            if action is Action.TRASH:
                assert one.decide([Seen("a1")], Action.APPROVE, HAND)[0].ok
        statuses.append(worker_at(folder, action, calls=calls, at=at, do=fault))
        agrees(folder)
        with opened(folder) as one:  # whatever happened, it can be decided now
            assert one.decide([Seen("a1")], action, HAND)[0].ok
        assert agrees(folder) is TARGET[action]
        if statuses[-1] == 0 and (fault == "kill" or at > MOST_CALLS):
            break
    assert statuses[-1] == 0
    assert fault != "kill" or -signal.SIGKILL in statuses


@pytest.fixture
def worker_at(start: Start, disk: Disk) -> Callable[..., int]:
    """Run a worker that decides and meets a fault; return its exit status."""

    def run(folder: Path, action: Action, **fault: object) -> int:
        worker = start(action, folder, "a1", environment=disk.environment(folder, **fault))
        worker.communicate(timeout=60)
        return worker.returncode

    return run
