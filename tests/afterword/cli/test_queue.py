"""Moderation from a terminal and from scripts."""

import getpass
import json
import sys
from pathlib import Path

import pytest

from tests.afterword.cli.conftest import Queue

HOSTILE = "\x1b[2J\x07\u202eevil\u2066 \x9b31m"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that writes one more line below what it is given."""
    script = tmp_path / "editor.py"
    script.write_text("import sys\nopen(sys.argv[1], 'a').write('\\nAnd more.\\n')\n")
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    monkeypatch.delenv("VISUAL", raising=False)


def test_an_empty_queue_prints_nothing(queue: Queue) -> None:
    assert queue.done("queue") == ""
    assert json.loads(queue.done("queue", "--json")) == {"total": 0, "responses": []}


def test_the_queue_lists_those_that_wait_newest_first(queue: Queue) -> None:
    for number in (1, 2, 3):
        queue.add(number)
    queue.done("trash", "a3")
    lines = queue.done("queue").splitlines()
    assert [line.split()[0] for line in lines] == ["a2", "a1"]
    assert lines[0] == "a2  2026-11-23 12:00  pending    +1.5  first  Dave: Words 2."
    assert [line.split()[0] for line in queue.done("queue", "all").splitlines()] == [
        "a3",
        "a2",
        "a1",
    ]
    assert queue.done("queue", "trash").startswith("a3 ")


def test_the_queue_can_be_searched_and_paged(queue: Queue) -> None:
    for number in range(1, 6):
        queue.add(number, entry="first" if number % 2 else "second")
    assert queue.done("queue", "--search", "words 4").split()[0] == "a4"
    second = json.loads(queue.done("queue", "--entry", "second", "--json"))
    assert [each["id"] for each in second["responses"]] == ["a4", "a2"]
    paged = queue.run("queue", "--limit", "2", "--offset", "1")
    assert [line.split()[0] for line in paged.stdout.splitlines()] == ["a4", "a3"]
    # Beside the list, so that a script which counts lines counts responses.
    assert paged.stderr == "2 of 5\n"
    whole = json.loads(queue.done("queue", "--limit", "2", "--json"))
    assert (whole["total"], len(whole["responses"])) == (5, 2)


def test_show_tells_all_that_is_known(queue: Queue) -> None:
    each = queue.add(1, body="One.\n\nTwo.")
    assert queue.done("show", "a1").splitlines() == [
        "id:       a1",
        "status:   pending, score +1.5",
        "date:     2026-11-23 12:00 UTC",
        "entry:    first",
        "author:   Dave",
        "e-mail:   Dave@Example.org",
        "website:  https://example.org/?q=ü",
        "     +2.5 links: has 3 links",
        "     -1.0 known: “yes”",
        "",
        "One.",
        "",
        "Two.",
        "",
    ]
    assert json.loads(queue.done("show", "a1", "--json")) == {
        "id": "a1",
        "status": "pending",
        "entry": "first",
        "replyto": None,
        "author": "Dave",
        "email": "Dave@Example.org",
        "website": "https://example.org/?q=ü",
        "date": each.date.isoformat(),
        "body": "One.\n\nTwo.",
        "kind": "comment",
        "by_author": False,
        "score": 1.5,
        "reasons": [
            {"rule": "links", "points": 2.5, "why": "has 3 links"},
            {"rule": "known", "points": -1.0, "why": "“yes”"},
        ],
        "revision": 1,
        "settled": True,
    }


def test_no_response_commands_the_terminal(queue: Queue) -> None:
    queue.add(1, author=HOSTILE, email=HOSTILE, website=HOSTILE, body=HOSTILE, entry=HOSTILE)
    queue.run("trash", "a1", "--why", HOSTILE)
    for command in (["queue", "all"], ["show", "a1"], ["history", "a1"], ["approve", HOSTILE]):
        result = queue.run(*command)
        printed = result.stdout + result.stderr
        assert printed
        assert not set(printed) & set("\x1b\x07\x9b\u202e\u2066")


@pytest.mark.parametrize(
    ("command", "state"),
    [("approve", "approved"), ("spam", "spam"), ("trash", "trash"), ("restore", "pending")],
)
def test_decisions_are_taken_about_many_at_once(queue: Queue, command: str, state: str) -> None:
    for number in (1, 2, 3):
        queue.add(number)
    if command == "restore":
        queue.done("trash", "a1", "a2")
    assert queue.done(command, "a1", "a2") == ""
    assert queue.states() == {"a1": state, "a2": state, "a3": "pending"}
    assert queue.published() == (["a1", "a2"] if command == "approve" else [])
    # Once more changes nothing, and is no mistake.
    assert queue.done(command, "a1", "a2") == ""


def test_what_is_approved_is_taken_back(queue: Queue) -> None:
    queue.add(1)
    queue.done("approve", "a1")
    assert queue.published() == ["a1"]
    queue.done("trash", "a1")
    assert queue.published() == []


def test_the_history_says_who_and_why(queue: Queue) -> None:
    queue.add(1)
    queue.done("spam", "a1", "--why", "sells shoes")
    first, second = json.loads(queue.done("history", "a1", "--json"))
    assert (first["action"], first["door"], first["by"]) == ("receive", "form", "reader")
    assert {name: value for name, value in second.items() if name != "at"} == {
        "action": "spam",
        "by": getpass.getuser(),
        "door": "cli",
        "before": "pending",
        "after": "spam",
        "why": "sells shoes",
    }
    line = queue.done("history", "a1").splitlines()[1]
    assert line.endswith(f"spam      spam      {getpass.getuser()} (cli): sells shoes")


def test_what_is_not_there_is_named_and_the_rest_is_done(queue: Queue) -> None:
    queue.add(1)
    result = queue.run("approve", "zz9", "a1")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("zz9: ")
    assert queue.published() == ["a1"]


@pytest.mark.parametrize("command", ["show", "history", "reply", "edit"])
def test_a_response_that_is_not_there(queue: Queue, command: str) -> None:
    result = queue.run(command, "zz9", text="x")
    assert (result.returncode, result.stdout) == (1, "")
    assert "zz9" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["approve", "spam", "trash", "restore"])
def test_a_decision_about_nothing_is_a_mistake(queue: Queue, command: str) -> None:
    assert queue.run(command).returncode == 2


def test_what_cannot_be_published_is_left_where_it_was(queue: Queue) -> None:
    queue.add(1, author="")
    result = queue.run("approve", "a1")
    assert result.returncode == 1
    assert result.stderr == "a1: response: it cannot be published: author: is missing\n"
    assert queue.states() == {"a1": "pending"}
    assert queue.published() == []


def test_edit_changes_what_it_is_told_to(queue: Queue) -> None:
    before = queue.add(1)
    queue.done("approve", "a1")
    queue.done("edit", "a1", "--author", "David", "--website", "", "--body", "-", text="New.\r\n")
    after = queue.get("a1")
    assert (after.author, after.website, after.body) == ("David", None, "New.")
    assert after.email == before.email
    published = (queue.site.root / "content/comments/first/a1.md").read_text()
    assert "author: David" in published
    assert published.endswith("\nNew.\n")


@pytest.mark.usefixtures("editor")
def test_edit_opens_an_editor(queue: Queue) -> None:
    queue.add(1)
    queue.done("edit", "a1")
    assert queue.get("a1").body == "Words 1.\n\nAnd more."


def test_an_edit_that_cannot_be_kept_says_why_and_changes_nothing(queue: Queue) -> None:
    before = queue.add(1)
    result = queue.run("edit", "a1", "--author", "a\nb")
    assert result.returncode == 1
    assert "author" in result.stderr
    assert queue.get("a1") == before


def test_reply_publishes_the_answer_and_the_response(queue: Queue) -> None:
    queue.add(1)
    answer_id = queue.done("reply", "a1", "--body", "-", text="Thank *you*.\n").strip()
    assert queue.published() == sorted(["a1", answer_id])
    answer = queue.get(answer_id)
    assert (answer.author, answer.by_author, answer.replyto) == ("Ann Author", True, "a1")
    assert answer.body == "Thank *you*."


@pytest.mark.usefixtures("editor")
def test_reply_opens_an_editor(queue: Queue) -> None:
    queue.add(1)
    assert queue.get(queue.done("reply", "a1").strip()).body == "And more."


def test_an_empty_reply_publishes_nothing(queue: Queue) -> None:
    queue.add(1)
    assert queue.run("reply", "a1", "--body", "-", text=" \n").returncode == 2
    assert queue.published() == []
