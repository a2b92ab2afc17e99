"""A text is on its page before the build that makes it, and is what that build makes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest

from incremental.resident import Resident
from tests.site import SETTINGS, Site

POST: Final = "content/posts/first.md"
PAGE: Final = "content/pages/about.md"
# A plugin of the site's own, which may take part in what becomes of a text.
OWN: Final = """
from pelican import signals

def register():
    signals.{signal}.connect(take_part)

def take_part(*given, **named):
    pass
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A blog with a post that another one is related to, and a page."""
    monkeypatch.chdir(tmp_path)
    one = Site(tmp_path)
    one.post("first", "Morning.", tags="day")
    one.post("second", "Noon. [Before]({filename}first.md)", tags="day")
    one.response("first", "1")
    one.write({PAGE: "Title: About\n\nUs.\n", "pelicanconf.py": SETTINGS})
    return one


def watch(test: Callable[[Resident], Awaitable[None]]) -> None:
    """Have a test look at a site that was built once."""

    async def whole() -> None:
        resident = Resident("pelicanconf.py", {"INCREMENTAL_STATE": "state"})
        try:
            assert (await resident.build()).ok
            await test(resident)
        finally:
            await resident.end()

    asyncio.run(whole())


@pytest.mark.parametrize(
    ("source", "page"), [(POST, "first/index.html"), (PAGE, "about/index.html")]
)
def test_a_text_is_shown_as_the_build_shows_it(site: Site, source: str, page: str) -> None:
    async def test(resident: Resident) -> None:
        for words in ("It has *changed*.", "And again, [to](x.html) {static}."):
            path = site.root / source
            path.write_text(f"{path.read_text()}\n{words}\n")
            assert await resident.glimpse(path)
            seen = (site.root / "output" / page).read_bytes()
            assert words.split()[0].encode() in seen
            assert (await resident.build()).ok
            assert (site.root / "output" / page).read_bytes() == seen

    watch(test)


def test_a_link_is_as_good_as_the_file(site: Site) -> None:
    (site.root / "link").symlink_to(site.root / "content")

    async def test(resident: Resident) -> None:
        (site.root / POST).write_text((site.root / POST).read_text() + "\nMore.\n")
        assert await resident.glimpse(site.root / "link/posts/first.md")

    watch(test)


@pytest.mark.parametrize(
    "files",
    [
        {POST: "Title: Another\nDate: 2026-01-02\n\nMorning.\n"},
        {"content/posts/new.md": "Title: New\nDate: 2026-01-02\n\nNew.\n"},
        {PAGE: "Title: About\nStatus: draft\n\nUs.\n"},
        {PAGE: "No title.\n"},
        {"content/extra.txt": "Nothing to be shown."},
    ],
)
def test_where_more_has_changed_than_a_text_a_build_has_to_show_it(
    site: Site, files: dict[str, str]
) -> None:
    async def test(resident: Resident) -> None:
        before = {p: p.read_bytes() for p in (site.root / "output").rglob("*") if p.is_file()}
        site.write(files)
        (name,) = files
        assert not await resident.glimpse(site.root / name)
        after = {p: p.read_bytes() for p in (site.root / "output").rglob("*") if p.is_file()}
        assert after == before

    watch(test)


@pytest.mark.parametrize("signal", ["content_object_init", "article_generator_write_article"])
def test_who_takes_part_is_waited_for(site: Site, signal: str) -> None:
    settings = 'PLUGINS = [*PLUGINS, "own"]\nPLUGIN_PATHS = [*PLUGIN_PATHS, "own"]\n'
    site.write({"pelicanconf.py": SETTINGS + settings, "own/own.py": OWN.format(signal=signal)})

    async def test(resident: Resident) -> None:
        (site.root / POST).write_text((site.root / POST).read_text() + "\nMore.\n")
        assert not await resident.glimpse(site.root / POST)

    watch(test)


def test_before_the_first_build_there_is_nothing_to_show(site: Site) -> None:
    async def whole() -> None:
        resident = Resident("pelicanconf.py", {})
        try:
            assert not await resident.glimpse(site.root / POST)
        finally:
            await resident.end()

    asyncio.run(whole())


def test_nothing_is_shown_by_code_that_has_changed(site: Site) -> None:
    async def test(resident: Resident) -> None:
        site.write({"pelicanconf.py": f"{SETTINGS}\nSITENAME = 'Another'\n"})
        (site.root / POST).write_text((site.root / POST).read_text() + "\nMore.\n")
        assert not await resident.glimpse(site.root / POST)

    watch(test)
