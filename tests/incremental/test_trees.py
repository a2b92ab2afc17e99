"""Files in folders: shared where they are the same, and on the disk when that is said."""

import os
import shutil
from pathlib import Path
from typing import BinaryIO

import pytest

from incremental.trees import Part
from tests.incremental.publishing import ONE, THREE, TWO, Blog, is_same, read, write


def test_without_links_between_files_there_are_copies(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(path: Path, _: Path) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "hardlink_to", refuses)
    for files in (ONE, TWO, THREE, ONE, TWO, THREE, ONE):
        blog.publish(files)
        assert blog.live() == files
    assert read(blog.release(0)) == THREE


def test_links_in_what_was_built_are_followed(blog: Blog) -> None:
    photo = blog.root / "photo.jpg"
    photo.write_text("One.")

    def build(folder: Path) -> None:
        write(folder, ONE)
        (folder / "photo.jpg").symlink_to(photo)

    blog.releases.publish(build, 5)
    assert not (blog.link / "photo.jpg").is_symlink()
    photo.write_text("Two.")
    blog.releases.publish(lambda _: None, 5)
    texts = [read(blog.release(number))["photo.jpg"] for number in range(2)]
    assert texts == ["One.", "Two."]


def test_names_may_be_any_bytes(blog: Blog) -> None:
    name = os.fsdecode(b"caf\xe9/\xff\n.html")
    for text in ("One.", "Two."):
        blog.publish({"index.html": text, name: "Same."})
        assert blog.live()[name] == "Same."
    assert is_same(blog.release(0) / name, blog.release(1) / name)


def test_a_release_is_on_the_disk_before_it_is_live(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    unsafe: list[Path] = []
    syncing, replacing = os.fsync, Path.replace

    def sync(handle: int) -> None:
        syncing(handle)
        synced.add(os.fstat(handle).st_ino)

    def replace(path: Path, target: Path) -> Path:
        if target == blog.link:
            folder = blog.shelf.folder / path.readlink().name
            everything = [blog.shelf.folder, folder, *folder.rglob("*")]
            unsafe.extend(each for each in everything if each.stat().st_ino not in synced)
            # What is changed from here on is not on the disk for that.
            synced.difference_update(each.stat().st_ino for each in everything if each.is_dir())
        return replacing(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    blog.publish(ONE)
    blog.publish(TWO)
    assert unsafe == []
    assert blog.root.stat().st_ino in synced


def test_many_files_are_waited_for_together(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = []
    monkeypatch.setattr(os, "sync", lambda: waits.append("all"))
    monkeypatch.setattr(os, "fsync", lambda _: waits.append("one"))
    files = {f"{number}/index.html": "One." for number in range(1000)}
    blog.publish(files)
    assert blog.live() == files
    assert len(waits) < 10


@pytest.mark.parametrize("shared", [True, False])
def test_no_file_that_is_there_is_written_to(tmp_path: Path, *, shared: bool) -> None:
    for name in ("new", "old"):
        (tmp_path / name).write_text(name)
    with pytest.raises(FileExistsError):
        Part(tmp_path / "new", shared).make(tmp_path / "old")
    assert (tmp_path / "old").read_text() == "old"


def test_on_a_full_disk_nothing_is_left_of_what_was_begun(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    blog.publish(ONE)
    copying = shutil.copyfileobj

    def fills_up(old: BinaryIO, new: BinaryIO) -> None:
        copying(old, new)
        if blog.staging.samefile(Path(old.name).parent):
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfileobj", fills_up)
        with pytest.raises(OSError, match="No space left"):
            blog.publish(TWO)
    assert blog.live() == ONE
    assert {path.name for path in blog.shelf.folder.iterdir() if path.is_dir()} == {
        ".staging",
        *blog.shelf.names(),
    }
    blog.publish(TWO)
    assert blog.live() == TWO
