"""Responses that were decided elsewhere, taken in."""

from dataclasses import replace
from pathlib import Path

import pytest

from afterword.model import Status
from afterword.moderation import Hand, Press, Transfer
from afterword.store.memory import MemoryStore
from afterword.submission import Door
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import sample

NEW = sample(1, replyto=None, fingerprint=None, status=Status.APPROVED, settled=False)


@pytest.fixture
def transfer(tmp_path: Path) -> Transfer:
    press = Press(tmp_path / "comments", tmp_path / "lock")
    return Transfer(MemoryStore(Clock()), press, Hand(Door.IMPORT, "somebody"), Clock())


def file(transfer: Transfer, name: str) -> Path:
    return transfer.press.root / f"first/{name}.md"


def test_each_is_taken_in_for_itself(transfer: Transfer) -> None:
    other = replace(NEW, id="a2", status=Status.SPAM, settled=True)
    assert transfer.admit([NEW, other], "said why") == ["", ""]
    assert transfer.admit([NEW, replace(NEW, id="a3")], "again") == ["'a1' is taken", ""]
    assert file(transfer, "a1").exists()
    assert not file(transfer, "a2").exists()
    assert transfer.store.unsettled() == ()
    assert transfer.store.changes().made == 2
    assert [row.why for row in transfer.store.history("a1")] == ["said why"]


def test_no_file_is_overwritten(transfer: Transfer) -> None:
    path = file(transfer, "a1")
    path.parent.mkdir(parents=True)
    path.write_text("author: Somebody\ndate: 2020-01-01\n\nElse.\n")
    (trouble,) = transfer.admit([NEW], "")
    assert "exists already" in trouble
    assert path.read_text().endswith("Else.\n")
    assert [each.id for each in transfer.store.unsettled()] == ["a1"]


def test_what_was_removed_by_hand_stays_removed(transfer: Transfer) -> None:
    transfer.admit([NEW], "")
    file(transfer, "a1").unlink()
    now = transfer.store.get("a1")
    assert now
    assert transfer.publish([now]) == [""]
    assert not file(transfer, "a1").exists()


def test_who_comes_too_late_with_other_words_is_told(transfer: Transfer) -> None:
    transfer.admit([NEW], "")
    now = transfer.store.get("a1")
    assert now
    assert transfer.update(now, replace(now, body="One."), "") == ""
    assert "somebody else" in transfer.update(now, replace(now, body="Two."), "")
    assert file(transfer, "a1").read_text().endswith("\nOne.\n")
