"""The queue with a key for each decision."""

import sys
from pathlib import Path

import pytest

from tests.afterword.cli.conftest import Queue


def test_review_of_nothing_ends_at_once(queue: Queue) -> None:
    assert queue.done("review") == "Nothing waits.\n"


def test_each_waiting_response_gets_its_key(queue: Queue) -> None:
    for number in range(1, 6):
        queue.add(number)
    queue.done("trash", "a5")
    printed = queue.done("review", text="a\ns\nt\nn\n")
    assert queue.states() == {
        "a1": "approved",
        "a2": "spam",
        "a3": "trash",
        "a4": "pending",
        "a5": "trash",
    }
    assert queue.published() == ["a1"]
    # Oldest first, each whole.
    places = [printed.index(f"Words {number}.") for number in (1, 2, 3, 4)]
    assert places == sorted(places)
    assert "Words 5." not in printed
    assert printed.endswith("Nothing waits.\n")


def test_q_leaves_the_rest_for_later(queue: Queue) -> None:
    for number in (1, 2):
        queue.add(number)
    assert "Words 2." not in queue.done("review", text="q\n")
    assert set(queue.states().values()) == {"pending"}


def test_another_key_is_asked_again(queue: Queue) -> None:
    queue.add(1)
    printed = queue.done("review", text="x\n\na\n")
    assert printed.count("[a]pprove") == 3
    assert queue.published() == ["a1"]


def test_the_end_of_the_keys_decides_nothing(queue: Queue) -> None:
    queue.add(1)
    assert queue.run("review", text="").returncode == 1
    assert queue.states() == {"a1": "pending"}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that puts the text of this file in place of what it is given."""
    script, text = tmp_path / "editor.py", tmp_path / "typed"
    script.write_text(
        "import pathlib, sys\n"
        f"pathlib.Path(sys.argv[1]).write_text(pathlib.Path({str(text)!r}).read_text())\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    monkeypatch.delenv("VISUAL", raising=False)
    return text


def test_e_edits_and_asks_again(queue: Queue, write: Path) -> None:
    queue.add(1)
    write.write_text("Better words.\n")
    printed = queue.done("review", text="e\na\n")
    assert "\nBetter words.\n" in printed
    assert queue.get("a1").body == "Better words."
    assert queue.published() == ["a1"]


def test_r_answers(queue: Queue, write: Path) -> None:
    queue.add(1)
    write.write_text("Thank you.\n")
    queue.done("review", text="r\n")
    assert len(queue.published()) == 2


def test_an_answer_that_cannot_be_published_is_given_back(queue: Queue, write: Path) -> None:
    queue.add(1, author="")
    write.write_text("A long answer.\n")
    result = queue.run("review", text="r\nt\n")
    assert result.returncode == 0
    assert "cannot be published" in result.stderr
    assert "A long answer." in result.stderr
    assert queue.states() == {"a1": "trash"}
