"""The memory of a build: whole or none, and never in the way."""

from pathlib import Path

import pytest

from incremental.stamps import Stamp
from incremental.state import Made, State, file_for

ONE = Made(b"digest", Stamp(1, 2**62, 3, 2**63 - 1))
TWO = Made(b"", Stamp(0, -1, 0, 0))


def test_what_a_build_has_made_is_known_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a/b/x.sqlite3"
    with State.open(path) as state:
        assert dict(state.files()) == {}
        state.intend(["one"])
        state.intend(["one", "one"])
        state.finish({"one": ONE, "ü/two": TWO}, ())
    with State.open(path) as state:
        assert dict(state.files()) == {"one": ONE, "ü/two": TWO}
        assert list(state.intended()) == []
        state.finish({"one": TWO}, ["ü/two", "never"])
    with State.open(path) as state:
        assert dict(state.files()) == {"one": TWO}


def test_what_was_intended_is_known_though_the_build_never_ended(tmp_path: Path) -> None:
    with State.open(tmp_path / "x") as state:
        state.intend(["one"])
    with State.open(tmp_path / "x") as state:
        assert list(state.intended()) == ["one"]
        assert dict(state.files()) == {}


@pytest.mark.parametrize("damage", [b"no database " * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_memory_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(damage)
    with State.open(path) as state:
        assert dict(state.files()) == {}
        state.finish({"one": ONE}, ())
    with State.open(path) as state:
        assert dict(state.files()) == {"one": ONE}


def test_another_versions_memory_is_begun_anew(tmp_path: Path) -> None:
    with State.open(tmp_path / "x") as state:
        state.finish({"one": ONE}, ())
        state._connection.execute("PRAGMA user_version = 99")
    with State.open(tmp_path / "x") as state:
        assert dict(state.files()) == {}


def test_each_output_folder_has_its_own_memory(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "link").symlink_to("one")
    one, link, two = (file_for(tmp_path, tmp_path / name) for name in ("one", "link", "two"))
    assert one == link != two


def test_a_stamp_tells_every_change_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert Stamp.of(path) is None
    assert Stamp.of(path / "below") is None
    path.write_text("one")
    first = Stamp.of(path)
    assert first == Stamp.of(path)
    other = tmp_path / "y"
    other.write_text("two")
    assert first
    other.replace(path)
    assert Stamp.of(path) != first
