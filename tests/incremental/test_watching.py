"""Noticing changes, wherever a site's files are."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from incremental.watching import Places, Watch

Test = Callable[[Watch], Awaitable[None]]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two folders, and the settings beside them."""
    for name in ("content/posts/a.md", "theme/base.html", "settings.py", "var/private"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    return tmp_path


def watching(site: Path, test: Test, *, folders: str = "content theme") -> None:
    """Have a test done while these folders, and the settings, are watched."""

    async def whole() -> None:
        watch = Watch(site / "var")
        try:
            assert await watch.over(
                [site / name for name in folders.split()], [site / "settings.py"]
            )
            await asyncio.wait_for(test(watch), 30)
        finally:
            await watch.end()

    asyncio.run(whole())


@pytest.mark.parametrize("name", ["content/posts/a.md", "theme/new.html", "settings.py"])
def test_a_change_is_noticed(site: Path, name: str) -> None:
    async def test(watch: Watch) -> None:
        (site / name).write_text("after")
        assert site / name in await watch.change()

    watching(site, test)


def test_files_that_are_replaced_are_still_watched(site: Path) -> None:
    async def test(watch: Watch) -> None:
        for name in ("settings.py", "content/posts/a.md") * 3:
            (site / "next").write_text("after")
            (site / "next").replace(site / name)
            assert site / name in await watch.change()

    watching(site, test)


def test_of_many_changes_none_is_lost(site: Path) -> None:
    async def test(watch: Watch) -> None:
        paths = {site / f"content/posts/{number}.md" for number in range(100)}
        for path in paths:
            path.write_text("new")
        found: set[Path] = set()
        while not paths <= found:
            found |= await watch.change()

    watching(site, test)


def test_changes_are_kept_for_who_asks_later(site: Path) -> None:
    async def test(watch: Watch) -> None:
        (site / "content/posts/a.md").write_text("after")
        other = Watch(site / "var")
        await other.over([site / "content"], [])
        (site / "content/posts/b.md").write_text("after")
        await other.change()
        await other.end()
        assert site / "content/posts/a.md" in await watch.change()

    watching(site, test)


def test_nothing_private_is_noticed_and_nothing_beside_single_files(site: Path) -> None:
    async def test(watch: Watch) -> None:
        for name in ("var/private", "beside.py", "content/.a.md.swp", "content/a.md~"):
            (site / name).write_text("after")
        (site / "settings.py").write_text("after")
        assert await watch.change() == {site / "settings.py"}

    watching(site, test, folders="content theme var")


def test_a_folder_that_is_replaced_is_watched_anew(site: Path) -> None:
    async def test(watch: Watch) -> None:
        places = [site / "content", site / "theme"], [site / "settings.py"]
        assert not await watch.over(*places)
        (site / "theme").rename(site / "old")
        assert await watch.change() == {site / "theme"}
        (site / "theme").mkdir()
        assert site / "theme" in await watch.change()
        assert await watch.over(*places)
        (site / "theme/base.html").write_text("after")
        assert site / "theme/base.html" in await watch.change()

    watching(site, test)


def test_only_what_was_not_watched_is_new(site: Path) -> None:
    async def test(watch: Watch) -> None:
        assert not await watch.over([site / "theme"], [])
        assert await watch.over([site / "theme", site / "content"], [])
        assert not await watch.over([site / "theme", site / "content"], [site / "theme/base.html"])

    watching(site, test)


def test_a_file_is_not_new_that_was_the_same_before(site: Path) -> None:
    os.utime(site / "content", (0, 0))  # what is dated by hand has changed all the same
    latest = datetime.fromtimestamp((site / "content").stat().st_ctime, UTC)

    async def test(watch: Watch) -> None:
        def over(name: str, since: datetime) -> Awaitable[bool]:
            return watch.over([site / "theme"], [site / name], since)

        later = latest + timedelta(minutes=1)
        assert not await over("content/posts/a.md", later)
        assert await over("content/posts/b.md", latest)
        assert not await over("content/posts/b.md", latest)  # watched already
        assert not await over("content/none.md", later)
        assert await over("content/neither.md", latest)

    watching(site, test)


def test_links_are_followed_to_where_they_lead(site: Path) -> None:
    (site / "elsewhere").symlink_to(site / "content")

    async def test(watch: Watch) -> None:
        (site / "content/posts/a.md").write_text("after")
        assert await watch.change() == {site / "content/posts/a.md"}

    watching(site, test, folders="elsewhere theme")


def test_places_leave_out_what_others_hold_and_what_is_not_there(site: Path) -> None:
    places = Places.of(
        [site / "content", site / "content/posts", site / "none"],
        [site / "content/posts/a.md", site / "none.py"],
    )
    inode = (site / "content").stat().st_ino
    assert places == Places(frozenset({(site / "content", inode)}), frozenset({site / "none.py"}))
