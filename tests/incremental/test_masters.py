"""What a process that builds again and again knows of files."""

from pathlib import Path
from typing import Any

from incremental.masters import Master, Masters
from incremental.parsed import Found

KEY, OTHER = ("Article", "one.md"), ("Page", "two.md")
FOUND: Any = Found._make([""] * len(Found._fields))


def filled() -> Masters:
    masters = Masters(b"one", {KEY: FOUND, OTHER: FOUND}, is_seasoned=True)
    masters.made[KEY] = Master.of(b"", {})
    return masters


def test_a_master_knows_what_of_it_can_be_changed() -> None:
    master = Master.of(b"mark", {"title": "T", "tags": ["a"], "metadata": {}})
    assert set(master.names) == {"tags", "metadata"}


def test_other_settings_find_nothing_that_was_made() -> None:
    masters = filled()
    found = {OTHER: FOUND}
    masters.turn_to(b"two", found)
    assert (masters.made_by, masters.found, masters.made) == (b"two", found, {})
    assert not masters.is_seasoned
    masters.found[KEY] = FOUND
    assert found == {OTHER: FOUND}


def test_what_is_forgotten_is_neither_known_nor_made() -> None:
    masters = filled()
    masters.forget([KEY, ("Article", "never.md")])
    assert (masters.found, masters.made) == ({OTHER: FOUND}, {})


def test_files_that_were_looked_at_are_told_by_what_they_were_at_first(tmp_path: Path) -> None:
    masters, path = Masters(), tmp_path / "a"
    assert masters.others_in_json() == ""
    path.write_text("one")
    masters.note([str(path)])
    first = masters.others_in_json()
    path.write_text("two")
    masters.note([str(path)])
    assert masters.others_in_json() == first
    another = Masters()
    another.note([str(path)])
    assert another.others_in_json() != first
    assert not masters.remembers


def test_a_file_that_is_not_there_is_looked_at_too(tmp_path: Path) -> None:
    masters = Masters()
    masters.note([str(tmp_path / "nosuch")])
    assert masters.others == {str(tmp_path / "nosuch"): b""}


def test_who_does_what_cannot_be_followed_may_remember_anything() -> None:
    masters = Masters()
    masters.note(["[write]"])
    assert masters.remembers
    assert masters.others == {}
