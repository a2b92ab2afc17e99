"""What has changed since the last copy, by a glance where that is enough."""

import os
from pathlib import Path

import pytest

from incremental import snapshots
from tests.incremental.publishing import ONE, TWO, Blog, is_same


def test_a_file_left_alone_is_not_read_again(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    blog.publish(ONE)

    def build(folder: Path) -> None:
        (folder / "index.html").write_text("Two.")

    read = []
    same = snapshots._same_bytes

    def noting(one: Path, other: Path) -> bool:
        read.append(one.name)
        return same(one, other)

    monkeypatch.setattr(snapshots, "_same_bytes", noting)
    blog.releases.publish(build, 5)
    assert read == ["index.html"]
    assert blog.live() == ONE | {"index.html": "Two."}


def test_a_change_that_hides_behind_size_and_date_is_seen(blog: Blog) -> None:
    blog.publish(ONE)

    def build(folder: Path) -> None:
        kept = (folder / "index.html").stat()
        (folder / "index.html").write_text("Owe.")
        os.utime(folder / "index.html", ns=(kept.st_atime_ns, kept.st_mtime_ns))

    blog.releases.publish(build, 5)
    assert blog.live() == ONE | {"index.html": "Owe."}


@pytest.mark.parametrize(
    "damage", ["", "{}", "[]", '{"format": 1, "pairs": {"a": [1]}}', '{"format": 0, "pairs": {}}']
)
def test_without_its_memory_it_publishes_as_little(blog: Blog, damage: str) -> None:
    blog.publish(ONE)
    (blog.shelf.folder / ".memory.json").write_text(damage)
    assert blog.publish(TWO).new == 2
    assert is_same(blog.release(0) / "a/same.html", blog.release(1) / "a/same.html")
    (blog.shelf.folder / ".memory.json").unlink()
    assert blog.publish(TWO).new == 0


def test_a_copy_that_somebody_has_changed_is_no_copy_any_more(blog: Blog) -> None:
    blog.publish(ONE)
    (blog.link / "index.html").unlink()
    (blog.link / "index.html").write_text("Owe.")
    assert blog.releases.publish(lambda _: None, 5).new == 1
    assert blog.live() == ONE
