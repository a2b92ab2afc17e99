"""Decisions and what they do to the files, the history and the filter."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from afterword import commentfile
from afterword.antispam import Circumstances, Policy, words
from afterword.errors import InvalidComment, NoSubmission, WriteError
from afterword.model import Status
from afterword.moderation import Desk, Hand, Press, Result, Seen
from afterword.store import Changes, Query
from afterword.store.memory import MemoryStore
from afterword.submission import Action, Door, Submission
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import received, sample

HAND = Hand(Door.WEB, "Ruth")
SENT = Circumstances(honeypot="", form_age=None)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over an empty queue."""
    numbers = count(1)
    with closing(MemoryStore(Clock())) as store:
        press = Press(tmp_path / "comments", tmp_path / "lock")
        yield Desk(store, press, Policy(), Clock(), lambda: f"n{next(numbers)}")


def add(desk: Desk, number: int = 1, **changes: object) -> Submission:
    each = sample(number, replyto=None, **changes)
    return desk.store.add(each, received(each))


def files(desk: Desk) -> list[str]:
    return sorted(path.stem for path in desk.press.root.rglob("*.md"))


@pytest.mark.parametrize("start", list(Status))
@pytest.mark.parametrize("action", [Action.APPROVE, Action.SPAM, Action.TRASH, Action.RESTORE])
def test_every_state_can_become_every_other(desk: Desk, start: Status, action: Action) -> None:
    add(desk)
    first = {s: a for a, s in (("approve", "approved"), ("spam", "spam"), ("trash", "trash"))}
    if start is not Status.PENDING:
        assert desk.decide([Seen("a1")], Action(first[start]), HAND)[0].ok
    (outcome,) = desk.decide([Seen("a1")], action, HAND)
    assert outcome.ok
    now = desk.get("a1")
    assert now.settled
    assert files(desk) == (["a1"] if now.status is Status.APPROVED else [])


def test_an_approved_response_is_the_file_that_the_build_reads(desk: Desk) -> None:
    each = add(desk)
    desk.decide([Seen("a1", 1)], Action.APPROVE, HAND)
    path = commentfile.place(desk.press.root, "first", "a1")
    assert commentfile.read(path, "first") == each.comment()
    assert each.email not in path.read_text()
    assert desk.store.changes() == Changes(1, 0)


def test_to_decide_the_same_again_changes_nothing(desk: Desk) -> None:
    add(desk)
    results = [desk.decide([Seen("a1", 1)], Action.APPROVE, HAND)[0].result for _ in range(3)]
    assert results == [Result.DONE, Result.ALREADY, Result.ALREADY]
    assert len(desk.store.history("a1")) == 2
    assert desk.get("a1").revision == 2


def test_who_decides_the_opposite_of_what_is_decided_is_told_so(desk: Desk) -> None:
    add(desk)
    desk.decide([Seen("a1", 1)], Action.APPROVE, HAND)
    (late,) = desk.decide([Seen("a1", 1)], Action.SPAM, Hand(Door.CLI, "Eve"))
    assert late.result is Result.CHANGED
    assert "Ruth has it as approved" in late.why
    assert files(desk) == ["a1"]


def test_what_cannot_be_published_is_not_approved(desk: Desk) -> None:
    add(desk, 1, author="")
    add(desk, 2, website="javascript:alert(1)")
    outcomes = desk.decide([Seen("a1"), Seen("a2")], Action.APPROVE, HAND)
    assert [outcome.result for outcome in outcomes] == [Result.FAILED, Result.FAILED]
    assert "website" in outcomes[1].why
    assert desk.get("a1").status is Status.PENDING


@pytest.mark.parametrize("entry", ["../../outside", "/etc", "a/../b", ".git", ""])
def test_an_entry_that_leads_out_of_the_folder_goes_nowhere(desk: Desk, entry: str) -> None:
    add(desk, 1, entry=entry)
    (outcome,) = desk.decide([Seen("a1")], Action.APPROVE, HAND)
    assert outcome.result is Result.FAILED
    assert desk.get("a1").status is Status.PENDING
    assert files(desk) == []


def test_an_approval_that_cannot_be_written_is_none(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(desk)

    def full(*_: object, **__: object) -> None:
        raise WriteError(Path("x"), "no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(commentfile, "write", full)
        (outcome,) = desk.decide([Seen("a1")], Action.APPROVE, HAND)
    assert outcome.result is Result.FAILED
    assert "no space" in outcome.why
    assert desk.get("a1").status is Status.PENDING
    assert [d.action for d in desk.store.history("a1")] == ["receive", "approve", "restore"]
    assert desk.decide([Seen("a1")], Action.APPROVE, HAND)[0].ok


def test_reconcile_finishes_what_was_recorded_and_reports_what_is_gone(desk: Desk) -> None:
    add(desk)
    add(desk, 2)
    desk.decide([Seen("a1"), Seen("a2")], Action.APPROVE, HAND)
    two = desk.get("a2")
    # As a crash leaves it: decided, and the file still there.
    spam = replace(two, status=Status.SPAM, revision=3, settled=False)
    desk.store.change(spam, received(spam))
    commentfile.place(desk.press.root, "first", "a1").unlink()
    report = desk.reconcile()
    assert report.settled == ("a2",)
    assert report.missing == ("a1",)
    assert files(desk) == []
    assert desk.reconcile().settled == ()


def test_an_edit_of_a_published_response_changes_its_file(desk: Desk) -> None:
    add(desk)
    desk.decide([Seen("a1")], Action.APPROVE, HAND)
    fields = {"author": "Dave", "email": "d@example.org", "body": "Other."}
    assert desk.edit(Seen("a1", 2), HAND, website=None, **fields).ok
    found = desk.published(desk.get("a1"))
    assert found
    assert found.body == "Other."
    fields["author"] = "two\nlines"
    refused = desk.edit(Seen("a1", 3), HAND, website=None, **fields)
    assert refused.result is Result.FAILED
    assert desk.get("a1").body == "Other."


def test_a_reply_is_the_authors_and_approves_what_it_answers(desk: Desk) -> None:
    add(desk)
    answer = desk.reply("a1", "Thanks.", "Ruth", HAND)
    assert files(desk) == ["a1", answer.id]
    found = desk.published(answer)
    assert found
    assert (found.by_author, found.replyto, found.author) == (True, "a1", "Ruth")
    with pytest.raises(NoSubmission):
        desk.reply("nobody", "x", "Ruth", HAND)
    with pytest.raises(InvalidComment):
        desk.reply("a1", "\x00", "Ruth", HAND)


def test_a_new_response_is_judged_and_gets_an_id_that_is_free(desk: Desk) -> None:
    kept, is_new = desk.receive(sample(5, id="new"), SENT, taken={"n1", "n2"})
    assert is_new
    assert kept.id == "n3"
    assert kept.date.microsecond == 0
    assert [reason.rule for reason in kept.reasons] == ["form-age"]
    again, is_new = desk.receive(sample(5, id="new"), SENT)
    assert (again.id, is_new) == ("n3", False)


def test_known_commenters_are_published_at_once_only_if_the_owner_wants_it(desk: Desk) -> None:
    add(desk)
    desk.decide([Seen("a1")], Action.APPROVE, HAND)
    new = sample(7, id="new", replyto=None)
    assert desk.receive(new, SENT)[0].status is Status.PENDING
    trusting = replace(desk, policy=Policy(auto_approve=True))
    kept, _ = trusting.receive(sample(8, id="new", replyto=None), SENT)
    assert kept.status is Status.APPROVED
    assert kept.id in files(desk)
    links = sample(9, id="new", body="http://a.example http://b.example http://c.example")
    assert trusting.receive(links, SENT)[0].status is Status.PENDING


def test_the_filter_learns_from_people_and_not_from_rules(desk: Desk) -> None:
    ruled = add(desk, 1, status=Status.SPAM, body="zebra crossing")
    assert desk.store.tally(words(ruled)).spam == 0
    desk.decide([Seen("a1")], Action.SPAM, HAND)  # confirmed
    tally = desk.store.tally(words(ruled))
    assert (tally.ham, tally.spam) == (0, 1)
    desk.decide([Seen("a1")], Action.APPROVE, HAND)
    tally = desk.store.tally(words(ruled))
    assert (tally.ham, tally.spam) == (1, 0)
    desk.decide([Seen("a1")], Action.TRASH, HAND)
    assert desk.store.tally(words(ruled)).ham == 0


def test_readers_change_only_what_nobody_has_decided(desk: Desk) -> None:
    add(desk)
    assert desk.is_open(desk.get("a1"))
    desk.decide([Seen("a1")], Action.SPAM, HAND)
    assert not desk.is_open(desk.get("a1"))
    assert desk.withdraw(Seen("a1", 2)).result is Result.CHANGED
    held = add(desk, 2, status=Status.SPAM)
    assert desk.is_open(held)
    assert desk.withdraw(Seen("a2", 1)).ok
    assert desk.get("a2").fingerprint is None


def test_published_files_are_committed_where_that_is_wanted(desk: Desk, tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own

    git("init", "--quiet")
    for name, value in (("user.name", "T"), ("user.email", "t@example.org")):
        git("config", name, value)
    (tmp_path / "mine.txt").write_text("staged, and not theirs to commit")
    git("add", "mine.txt")
    one = replace(desk, press=replace(desk.press, git=True))
    add(desk)
    assert one.decide([Seen("a1")], Action.APPROVE, HAND)[0].ok
    assert git("log", "--format=%s", "--name-only").split("\n")[:3] == [
        "Publish response a1",
        "",
        "comments/first/a1.md",
    ]
    assert "dave@example.org" not in git("log", "-p").casefold()
    assert one.decide([Seen("a1")], Action.TRASH, HAND)[0].ok
    assert git("log", "-1", "--format=%s").strip() == "Take back response a1"
    assert "A  mine.txt" in git("status", "--porcelain")
    assert desk.store.find(Query(status=Status.TRASH)).total == 1
