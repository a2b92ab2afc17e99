"""The commands that look after the service's data."""

import json
import stat
from pathlib import Path

import pytest

from tests.afterword.cli.conftest import Queue
from tests.service import intake


def test_a_new_password_is_printed_once_and_the_old_one_is_gone(queue: Queue) -> None:
    build = queue.site.build_with("pelicanconf.py")
    assert build.status == 0, build.log
    new = queue.done("password").strip()
    with intake(queue.site) as service:
        origin = {"Origin": service.url}
        assert "shown this once" not in service.output
        for password, status in ((new, 303), (new + "x", 403)):
            answer = service.request("POST", "/moderate/login", {"password": password}, origin)
            assert answer.status == status
        again = queue.done("password").strip()
        assert again != new
        for password, status in ((new, 403), (again, 303)):
            answer = service.request("POST", "/moderate/login", {"password": password}, origin)
            assert answer.status == status


@pytest.mark.builds
def test_reconcile_finishes_what_was_decided(queue: Queue) -> None:
    queue.add(1)
    comments = queue.site.root / "content/comments"
    comments.mkdir()
    (comments / "first").write_text("in the way")
    failed = queue.run("approve", "a1")
    assert failed.returncode == 1
    assert failed.stderr.startswith("a1: ")
    stuck = queue.run("reconcile", "--json")
    assert stuck.returncode == 1
    assert json.loads(stuck.stdout)["failed"][0]["id"] == "a1"
    assert queue.run("reconcile").stderr.startswith("a1: ")
    (comments / "first").unlink()
    assert json.loads(queue.done("reconcile", "--json")) == {
        "settled": ["a1"],
        "failed": [],
        "missing": [],
    }
    # The moderator was told that it failed: only a second approval publishes it.
    assert queue.published() == []
    assert queue.states() == {"a1": "pending"}
    queue.done("approve", "a1")
    assert queue.published() == ["a1"]
    assert queue.done("reconcile") == ""


@pytest.mark.builds
def test_reconcile_names_what_somebody_removed(queue: Queue) -> None:
    queue.add(1)
    queue.done("approve", "a1")
    (queue.site.root / "content/comments/first/a1.md").unlink()
    result = queue.run("reconcile")
    assert result.returncode == 1
    assert result.stderr == "a1: approved, but its file is gone\n"
    queue.done("trash", "a1")
    assert queue.done("reconcile") == ""


@pytest.mark.builds
def test_a_backup_brings_everything_back(queue: Queue, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        queue.add(number)
    queue.done("approve", "a1")
    queue.done("spam", "a2")
    copy = tmp_path / "copy"
    assert queue.done("backup", str(copy)) == ""
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    before = json.loads(queue.done("queue", "all", "--json"))
    queue.done("trash", "a1", "a2")
    queue.add(4)
    assert queue.run("restore", "--from", str(copy), text="n\n").returncode == 1
    assert len(queue.states()) == 4
    asked = queue.run("restore", "--from", str(copy), text="y\n")
    assert (asked.returncode, asked.stderr) == (0, "")
    # What was approved then is published again.
    assert queue.published() == ["a1"]
    assert "Replace the 4 response(s) in the queue?" in asked.stdout
    assert json.loads(queue.done("queue", "all", "--json")) == before
    assert len(json.loads(queue.done("history", "a2", "--json"))) == 2


def test_a_restored_queue_overwrites_no_file(queue: Queue, tmp_path: Path) -> None:
    queue.add(1)
    queue.done("approve", "a1")
    queue.done("backup", str(tmp_path / "copy"))
    file = queue.site.root / "content/comments/first/a1.md"
    for words in ("author: Dave\ndate: 2026-11-23\n\nMended by hand.\n", "not a response yet"):
        file.write_text(words)
        queue.done("restore", "--from", str(tmp_path / "copy"), "--yes")
        assert file.read_text() == words


def test_a_backup_into_an_empty_queue_asks_nothing(queue: Queue, tmp_path: Path) -> None:
    queue.add(1)
    copy = tmp_path / "copy"
    queue.done("backup", str(copy))
    for path in queue.file.parent.iterdir():
        path.unlink()
    queue.done("restore", "--from", str(copy))
    assert queue.states() == {"a1": "pending"}


def test_what_is_no_backup_changes_nothing(queue: Queue, tmp_path: Path) -> None:
    queue.add(1)
    other = tmp_path / "other"
    other.write_text("not a backup")
    result = queue.run("restore", "--from", str(other), "--yes")
    assert result.returncode == 1
    assert "other" in result.stderr
    assert queue.states() == {"a1": "pending"}


@pytest.mark.parametrize("arguments", [[], ["a1", "--from", "copy"]])
def test_restore_wants_one_thing(queue: Queue, arguments: list[str]) -> None:
    (queue.site.root / "copy").touch()
    assert queue.run("restore", *arguments).returncode == 2


def test_a_service_that_cannot_start_says_so_in_one_line(queue: Queue) -> None:
    queue.file.parent.write_text("in the way")
    result = queue.run("intake", "--port", "0")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "var" in result.stderr
