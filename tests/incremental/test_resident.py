"""A process that builds again and again: as a new one would each time, and never twice spent."""

import asyncio
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from incremental.resident import Built, Resident
from incremental.state import file_for
from incremental.turns import taking_turns
from tests.scripts import PATIENCE
from tests.site import Site

_SETTINGS = """
SITENAME = "A Blog"
PATH = "content"
THEME = "simple"
PLUGIN_PATHS = ["own"]
PLUGINS = ["noting"]
TIMEZONE = "UTC"
"""
# A plugin of the site's own, which says at the end of each build by whom it was built.
_NOTING = """
import logging, os, sys
from pelican import signals

def register():
    signals.finalized.connect(note)

def note(pelican):
    print("built by", os.getpid(), sys.stdin.read())
    logging.getLogger("noting").warning("is said each time")
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A blog with one post, and the current folder is its own."""
    monkeypatch.chdir(tmp_path)
    one = Site(tmp_path)
    one.post("first", "Morning.")
    one.write({"pelicanconf.py": _SETTINGS, "own/noting.py": _NOTING})
    return one


def plugin(site: Site, body: str) -> None:
    """Give the site another plugin, with this at the end of each build."""
    site.write({"own/noting.py": f"{_NOTING}    {body}\n"})


def builds(*changes: Callable[[], object]) -> list[Built]:
    """Build once, and once more after each of these changes."""

    async def building() -> list[Built]:
        resident = Resident("pelicanconf.py", {"INCREMENTAL_STATE": "state"})
        try:
            found = [await resident.build()]
            for change in changes:
                change()
                found.append(await resident.build())
        finally:
            await resident.end()
        return found

    return asyncio.run(building())


def builder(built: Built) -> int:
    """The process that has said it was it."""
    found = re.findall(r"built by (\d+)", built.log)
    assert len(found) == 1, built.log
    return int(found[0])


def test_the_same_process_builds_again_and_says_only_what_is_new(site: Site) -> None:
    one, two = builds(lambda: site.post("first", "Evening."))
    assert one.ok
    assert two.ok
    assert builder(one) == builder(two)
    assert one.log.count("is said each time") == two.log.count("is said each time") == 1
    assert len(one.log) == len(two.log)
    assert "Evening." in (site.root / "output/first.html").read_text()


def test_it_says_that_it_waits_while_it_waits(site: Site) -> None:
    lock = file_for(site.root / "state", site.root / "output").with_suffix(".lock")
    said: list[str] = []
    told = asyncio.Event()

    def say(text: str) -> None:
        said.append(text)
        if "waiting for its end" in text:
            told.set()

    async def building() -> Built:
        resident = Resident("pelicanconf.py", {"INCREMENTAL_STATE": "state"}, say)
        try:
            with taking_turns(lock):
                build = asyncio.create_task(resident.build())
                await asyncio.wait_for(told.wait(), PATIENCE)
                assert not (site.root / "output").exists()
            return await build
        finally:
            await resident.end()

    built = asyncio.run(building())
    assert built.ok
    everything = [*said, built.log]
    assert sum(text.count("waiting for its end") for text in everything) == 1
    assert sum(text.count("is said each time") for text in everything) == 1


def test_pages_of_posts_that_are_gone_go(site: Site) -> None:
    site.post("second")
    builds((site.root / "content/posts/second.md").unlink)
    assert (site.root / "output/first.html").exists()
    assert not (site.root / "output/second.html").exists()


def test_it_tells_what_the_site_is_made_from(site: Site) -> None:
    (built,) = builds()
    assert {site.root / "content", site.root / "own"} <= built.folders
    assert {site.root / "pelicanconf.py", site.root / "own/noting.py"} <= built.files


@pytest.mark.parametrize("name", ["own/noting.py", "pelicanconf.py", "own/late.py"])
def test_changed_code_is_run_by_a_new_process(site: Site, name: str) -> None:
    site.write({"own/late.py": "WORD = 'late'\n"})
    plugin(site, "sys.path.append('own'); import late; print(late.WORD)")
    path = site.root / name
    one, two, three = builds(
        lambda: path.write_text(path.read_text() + "print('changed')\n"),
        lambda: site.post("first", "Evening."),
    )
    assert "changed" not in one.log
    assert "changed" in two.log
    assert builder(one) != builder(two)
    assert builder(two) == builder(three)


def test_code_that_was_only_saved_again_is_the_same(site: Site) -> None:
    path = site.root / "own/noting.py"
    one, two = builds(lambda: path.write_text(_NOTING))
    assert builder(one) == builder(two)


def test_broken_settings_are_told_and_can_be_mended(site: Site) -> None:
    site.write({"pelicanconf.py": "raise SystemExit(3)"})
    one, two = builds(lambda: site.write({"pelicanconf.py": _SETTINGS}))
    assert not one.ok
    assert "SystemExit: 3" in one.log
    assert not one.folders
    assert two.ok


def test_a_broken_plugin_is_told_and_can_be_mended(site: Site) -> None:
    site.write({"own/noting.py": "import noting_is_nothing"})
    one, two = builds(lambda: site.write({"own/noting.py": _NOTING}))
    assert not one.ok
    assert "noting_is_nothing" in one.log
    assert two.ok


def test_a_broken_template_is_told_and_mended_by_the_same_process(site: Site) -> None:
    overrides = 'THEME_TEMPLATES_OVERRIDES = ["overrides"]\n'
    site.write({"pelicanconf.py": _SETTINGS + overrides, "overrides/page.html": ""})
    article = "overrides/article.html"
    one, two, three, four = builds(
        lambda: site.write({article: "{% broken %}"}),
        lambda: site.write({article: "Mended."}),
        lambda: site.write({article: "{{ article.content }}"}),
    )
    assert [one.ok, two.ok, three.ok, four.ok] == [True, False, True, True]
    assert "broken" in two.log
    assert builder(one) == builder(three) == builder(four)
    assert "Morning." in (site.root / "output/first.html").read_text()


def test_what_connects_a_receiver_each_time_is_called_once(site: Site) -> None:
    site.write(
        {
            "own/noting.py": "from pelican import signals\n"
            "def register():\n"
            "    signals.finalized.connect(lambda _: print('called'), weak=False)\n"
        }
    )
    for built in builds(lambda: None, lambda: None):
        assert built.ok
        assert built.log.count("called") == 1


def test_one_that_was_killed_is_replaced(site: Site) -> None:
    async def building() -> None:
        resident = Resident("pelicanconf.py", {"INCREMENTAL_STATE": "state"})
        one = await resident.build()
        os.kill(builder(one), signal.SIGKILL)
        site.post("first", "Evening.")
        two = await resident.build()
        await resident.end()
        assert two.ok
        assert builder(one) != builder(two)

    asyncio.run(building())
    assert "Evening." in (site.root / "output/first.html").read_text()


@pytest.mark.parametrize(
    ("death", "said"),
    [("os._exit(7)", "with status 7"), ("os.kill(os.getpid(), 9)", "by SIGKILL")],
)
def test_a_build_that_dies_is_told(site: Site, death: str, said: str) -> None:
    plugin(site, death)
    one, two = builds(lambda: plugin(site, ""))
    assert not one.ok
    assert builder(one)
    assert said in one.log
    assert two.ok


def test_it_can_be_ended_in_the_middle_of_a_build(site: Site) -> None:
    os.mkfifo(site.root / "busy")
    waiting = "open('busy', 'w').close(); import signal; signal.pause()"
    site.write(
        {"own/noting.py": f"{_NOTING}    try: {waiting}\n    finally: open('ended', 'w').close()\n"}
    )

    async def building() -> None:
        resident = Resident("pelicanconf.py", {"INCREMENTAL_STATE": "state"})
        task = asyncio.create_task(resident.build())
        await asyncio.to_thread((site.root / "busy").read_bytes)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await resident.end()
        assert (site.root / "ended").exists()

    asyncio.run(building())
