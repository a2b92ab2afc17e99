"""Telling by a glance that a source file is as it was."""

import os
import time
from pathlib import Path

import pytest

from incremental.glances import Source, stamp_of

OLD = 1_700_000_000


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file that was written long ago, as far as we know."""
    path = tmp_path / "post.md"
    path.write_text("One.")
    later = os.stat(path).st_ctime_ns + 60_000_000_000  # noqa: PTH116  # as the code does
    monkeypatch.setattr(time, "time_ns", lambda: later)
    return str(path)


def test_an_old_file_is_known_by_a_glance(post: str) -> None:
    source = Source.read(post)
    assert source.lasting == source.stamp == stamp_of(post)
    assert source.is_still(post)


def test_a_file_of_just_now_is_not(post: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = os.stat(post).st_ctime_ns + 1_000_000_000  # noqa: PTH116  # as the code does
    monkeypatch.setattr(time, "time_ns", lambda: now)
    source = Source.read(post)
    assert source.lasting == b""
    assert source.is_still(post)
    Path(post).write_text("Two.")
    assert not source.is_still(post)


def test_a_change_of_the_same_size_and_date_is_seen(post: str) -> None:
    os.utime(post, (OLD, OLD))
    before = stamp_of(post)
    other = Path(post).with_name("other")
    other.write_text("Two.")
    os.utime(other, (OLD, OLD))
    other.replace(post)
    assert stamp_of(post) != before


def test_a_link_is_what_it_leads_to(post: str, tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(post)
    assert stamp_of(str(link)) == stamp_of(post)
    before = stamp_of(str(link))
    Path(post).write_text("Longer.")
    assert stamp_of(str(link)) != before


def test_a_file_that_changes_while_it_is_read_is_another(post: str) -> None:
    source = Source.read(post)
    Path(post).write_text("Something else.")
    assert not source.is_still(post)


def test_without_a_file_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        stamp_of(str(tmp_path / "none"))
