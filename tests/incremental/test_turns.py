"""Taking turns: one process at a time, whoever fails or is killed."""

import select
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


def can_be_entered(lock: Path) -> bool:
    with script(_HOLDING, str(lock)) as process:
        assert process.stdout
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        return bool(ready) and line(process.stdout) == "inside"


def test_different_locks_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with taking_turns(tmp_path / "one"):
        assert can_be_entered(tmp_path / "other")
