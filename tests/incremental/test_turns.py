"""Taking turns: one process at a time, whoever fails or is killed."""

import os
import select
import signal
from contextlib import ExitStack, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

import pytest

from incremental.turns import taking_turns
from tests.scripts import PATIENCE, line, script

_TURNS = """
import os, sys
from pathlib import Path
from incremental.turns import taking_turns

lock, inside = Path(sys.argv[1]), sys.argv[2]
print("here", flush=True)
for _ in range(200):
    with taking_turns(lock):
        os.close(os.open(inside, os.O_CREAT | os.O_EXCL))
        os.unlink(inside)
print("never met anybody", flush=True)
"""

_HOLDING = """
import sys
from pathlib import Path
from incremental.turns import taking_turns

with taking_turns(Path(sys.argv[1])):
    print("inside", flush=True)
    sys.stdin.read()
"""

_FORKING = """
import os, sys
from pathlib import Path
from incremental.turns import taking_turns

with taking_turns(Path(sys.argv[1])):
    if os.fork():
        os.wait()
    else:
        print("inside", flush=True)
        sys.stdin.read()
        os._exit(0)
"""

_STARTING = """
import subprocess, sys
from pathlib import Path
from incremental.turns import taking_turns

program = "import sys; print('inside', flush=True); sys.stdin.read()"
with taking_turns(Path(sys.argv[1])):
    subprocess.run([sys.executable, "-c", program], close_fds=False)
"""

_SPREADING = """
import os, sys
from pathlib import Path
from incremental.turns import taking_turns
from incremental.workers import spread

os.setsid()
with taking_turns(Path(sys.argv[1])):
    for _ in spread([lambda: "x" * 100_000] * 100, 3):
        print("inside", flush=True)
        sys.stdin.read()
"""


def test_processes_are_inside_one_at_a_time(tmp_path: Path) -> None:
    lock, inside = tmp_path / "a/lock", tmp_path / "inside"
    arguments = (_TURNS, str(lock), str(inside))
    with script(*arguments) as one, script(*arguments) as two, script(*arguments) as three:
        processes = (one, two, three)
        with taking_turns(lock):  # until all are there
            assert [line(each.stdout) for each in processes] == ["here"] * 3
        assert [line(each.stdout) for each in processes] == ["never met anybody"] * 3


def test_who_is_killed_inside_keeps_nobody_out(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with script(_HOLDING, str(lock)) as process:
        assert line(process.stdout) == "inside"
    assert can_be_entered(lock)


def test_who_fails_inside_keeps_nobody_out(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), taking_turns(lock):
        raise ZeroDivisionError
    assert can_be_entered(lock)


def test_who_was_forked_inside_and_still_works_keeps_others_out(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with script(_FORKING, str(lock)) as process:
        assert line(process.stdout) == "inside"
        process.kill()
        process.wait(PATIENCE)
        assert not is_free(lock)
        assert process.stdin
        process.stdin.close()
        assert can_be_entered(lock)
        process.stdin = None  # closed already


def test_a_program_that_was_started_inside_keeps_nobody_out(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with script(_STARTING, str(lock)) as process:
        assert line(process.stdout) == "inside"
        process.kill()
        process.wait(PATIENCE)
        assert is_free(lock)


def test_who_does_the_work_of_one_that_was_killed_soon_ends(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with script(_SPREADING, str(lock)) as process:
        try:
            assert line(process.stdout) == "inside"
            process.kill()
            process.wait(PATIENCE)
            assert can_be_entered(lock)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def is_free(lock: Path) -> bool:
    with lock.open() as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize(("held_for", "said"), [(0.0, 0), (0.9, 0), (1.5, 1)])
def test_who_waits_for_more_than_a_second_is_told_once(
    tmp_path: Path, held_for: float, said: int
) -> None:
    lock, told, waited = tmp_path / "lock", list[str](), list[float]()
    with ExitStack() as first:

        def pause(seconds: float) -> None:
            waited.append(seconds)
            if sum(waited) >= held_for:
                first.close()

        def waiting() -> None:
            told.append("waiting")
            first.close()

        first.enter_context(taking_turns(lock))
        if not held_for:
            first.close()
        with taking_turns(lock, waiting, pause):
            assert not is_free(lock)
    assert len(told) == said
    assert sum(waited) == pytest.approx(min(held_for, 1), abs=0.05)


def can_be_entered(lock: Path) -> bool:
    with script(_HOLDING, str(lock)) as process:
        assert process.stdout
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        return bool(ready) and line(process.stdout) == "inside"


def test_different_locks_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with taking_turns(tmp_path / "one"):
        assert can_be_entered(tmp_path / "other")
