"""What is kept about a person: handed out, or erased."""

import json

import pytest

from tests.afterword.cli.conftest import Queue

DAVE = "dave@example.org"


@pytest.fixture
def kept(queue: Queue) -> Queue:
    """A queue with two responses of Dave's, one of them published, and one of Eve's."""
    queue.add(1, address="c0ffee")
    queue.add(2)
    queue.add(3, email="eve@example.org", author="Eve")
    queue.done("approve", "a1", "a3")
    with queue.opened() as store:
        store.keep(f"subscription:{DAVE}", "yes")
    return queue


def raw(queue: Queue) -> bytes:
    """Every byte that the blog's folders hold, whether a database still uses it or not."""
    files = [*queue.file.parent.rglob("*"), *(queue.site.root / "content").rglob("*")]
    return b"".join(path.read_bytes() for path in files if path.is_file())


def test_export_hands_out_all_there_is_about_one_person(kept: Queue) -> None:
    found = json.loads(kept.done("privacy", "export", "DAVE@example.org"))
    assert [each["id"] for each in found["responses"]] == ["a1", "a2"]
    first = found["responses"][0]
    assert first["email"] == "Dave@Example.org"
    assert first["address_hash"] == "c0ffee"
    assert first["wants_mail"] is True
    assert [row["action"] for row in first["history"]] == ["receive", "approve"]
    assert found["subscription"] == "yes"
    assert "eve" not in json.dumps(found).casefold()


def test_export_of_a_stranger_is_empty(kept: Queue) -> None:
    found = json.loads(kept.done("privacy", "export", "nobody@example.org"))
    assert (found["subscription"], found["responses"]) == (None, [])


def test_erase_leaves_no_byte(kept: Queue) -> None:
    assert DAVE.encode() in raw(kept).lower()
    assert b"Words 1." in raw(kept)
    assert kept.done("privacy", "erase", DAVE, "--yes") == ""
    left = raw(kept)
    assert DAVE.encode() not in left.lower()
    for word in (b"Words 1.", b"Words 2.", b"c0ffee"):
        assert word not in left
    assert kept.published() == ["a3"]
    assert kept.get("a3").author == "Eve"
    assert json.loads(kept.done("privacy", "export", DAVE))["responses"] == []


def test_erase_asks_first(kept: Queue) -> None:
    result = kept.run("privacy", "erase", DAVE, text="n\n")
    assert result.returncode == 1
    assert "Erase 2 response(s) for good?" in result.stdout
    assert kept.published() == ["a1", "a3"]
    assert kept.run("privacy", "erase", DAVE, text="y\n").returncode == 0
    assert kept.published() == ["a3"]
