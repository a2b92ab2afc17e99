"""Builds by the real Pelican: the same files as without us, each whole, touched only if changed."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from incremental.turns import taking_turns
from tests.scripts import PATIENCE, line
from tests.site import SETTINGS, Build, Site

pytestmark = pytest.mark.builds

OURS = '\nPLUGINS = [*PLUGINS, "incremental"]\n'
THEMES = [None, "simple", "notmyidea"]


@pytest.fixture
def filled(site: Site) -> Site:
    """A blog with something of everything."""
    for number in range(1, 4):
        site.post(f"post-{number}", f"Text {number}. ![A photo]({{static}}/images/a.jpg)", tags="t")
    site.post("draft", status="draft")
    site.response("post-1", "17")
    site.write(
        {
            "content/images/a.jpg": b"\xff\xd8photo",
            "content/images/deep/.hidden/b.jpg": b"\xff\xd8other",
            "content/images/deep/#a#": "An editor's backup.",
            "content/pages/about.md": "Title: About\n\nUs.\n",
        }
    )
    return site


def built(site: Site, settings: str = "", output: str = "output") -> Build:
    build = site.build(OURS + settings, output=output)
    assert build.status == 0, build.log
    return build


def marks(build: Build) -> dict[str, tuple[int, int]]:
    """What changes with every file that is written anew, were it with the same bytes."""
    found = {path: (build.output / path).stat() for path in build.files()}
    return {path: (status.st_ino, status.st_mtime_ns) for path, status in found.items()}


def changed(before: dict[str, tuple[int, int]], build: Build) -> set[str]:
    after = marks(build)
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


@pytest.mark.parametrize("theme", THEMES)
def test_the_site_is_the_same_as_without_us(filled: Site, theme: str | None) -> None:
    settings = f"THEME = {theme!r}\n" if theme else ""
    usual = filled.build(settings, output="usual")
    assert usual.status == 0, usual.log
    ours = built(filled, settings)
    assert ours.files() == usual.files()
    before = marks(ours)
    assert changed(before, built(filled, settings)) == set()


def test_only_what_changed_is_written(filled: Site) -> None:
    before = marks(built(filled))
    filled.write({"content/pages/about.md": "Title: About\n\nYou.\n"})
    build = built(filled)
    assert changed(before, build) == {"about/index.html"}
    assert "You." in build.read("about/index.html")


def test_what_is_not_made_any_more_goes_and_what_is_not_ours_stays(filled: Site) -> None:
    build = built(filled)
    filled.write({"output/robots.txt": "Put here by hand."})
    (filled.root / "content/posts/post-2.md").unlink()
    (filled.root / "content/images/deep/.hidden/b.jpg").unlink()
    (filled.root / "content/posts/post-3.md").write_text("Title: Renamed\nDate: 2026-01-02\n\nX\n")
    filled.build(output="usual")
    after = built(filled)
    assert after.read("robots.txt") == "Put here by hand."
    (filled.root / "output/robots.txt").unlink()
    assert after.files() == Build(filled.root / "usual", 0, "").files()
    assert not (build.output / "post-2").exists()


def test_without_the_output_folder_everything_is_made_again(filled: Site) -> None:
    files = built(filled).files()
    (filled.root / "output").rename(filled.root / "moved")
    assert built(filled).files() == files


def test_deleting_the_output_folder_waits_until_there_is_a_new_site(filled: Site) -> None:
    anew = 'DELETE_OUTPUT_DIRECTORY = True\nOUTPUT_RETENTION = [".git"]\n'
    files = built(filled).files()
    filled.write({"output/old.html": "Old.", "output/.git/config": "[core]"})
    for path in filled.root.glob("output/**/*"):
        os.utime(path)
    before = marks(built(filled, "DELETE_OUTPUT_DIRECTORY = False\n"))
    failed = filled.build(OURS + anew + 'COMMENTS_STRICT = "no"\n')
    assert failed.status != 0
    assert changed(before, failed) == set()
    after = built(filled, anew)
    assert after.read(".git/config") == "[core]"
    assert after.files().keys() == files.keys() | {".git/config"}


def test_a_build_that_fails_leaves_every_page_whole(filled: Site) -> None:
    build = built(filled)
    before = build.files()
    filled.write({"look/page.html": "{{ page.title }}{{ 1 / 0 }}"})
    failed = filled.build(OURS + f"THEME_TEMPLATES_OVERRIDES = [{str(filled.root / 'look')!r}]\n")
    assert failed.status != 0
    assert failed.files() == before


_KILLED = """
import os, signal, sys
from pathlib import Path
import incremental.outputs

left = int(sys.argv[1])
replacing = Path.replace

def replace(path, target):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replacing(path, target)

Path.replace = replace
from pelican import main
main(["content", "-s", "settings.py", "-o", "output", "--fatal", "errors"])
"""


def test_a_killed_build_is_repaired_by_the_next(filled: Site) -> None:
    build = built(filled)
    old = build.files()
    filled.post("post-4", "New.", tags="t")
    (filled.root / "content/posts/post-2.md").unlink()
    new = filled.build(output="usual").files()
    (filled.root / "settings.py").write_text(SETTINGS + OURS)
    for writes in (1, 3, 8, 14):
        run = subprocess.run(  # noqa: S603  # our own command line
            [sys.executable, "-c", _KILLED, str(writes)],
            cwd=filled.root,
            capture_output=True,
            check=False,
        )
        assert run.returncode == -signal.SIGKILL, run.stderr
        # Each file is the old or the new one.
        for name, data in build.files().items():
            if ".making-" not in name:
                assert data in {old.get(name), new.get(name)}
    assert built(filled).files() == new


def test_a_second_build_waits_for_the_first(filled: Site) -> None:
    built(filled)
    (lock,) = (filled.root / "var/build").glob("*.lock")
    with ExitStack() as ends:
        with taking_turns(lock):
            process = subprocess.Popen(  # our own command line
                [sys.executable, "-m", "pelican", "content", "-s", "settings.py"],
                cwd=filled.root,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            ends.callback(process.kill)
            said = line(process.stdout)
            assert "waiting for its end" in said + line(process.stdout)
            filled.post("post-4")
        process.communicate(timeout=PATIENCE)
    assert (filled.root / "output/post-4/index.html").exists()


def test_without_a_memory_everything_is_as_usual(filled: Site) -> None:
    before = marks(built(filled, 'INCREMENTAL_STATE = ""\n'))
    assert not (filled.root / "var/build").exists()
    assert len(changed(before, built(filled, 'INCREMENTAL_STATE = ""\n'))) > 10


@pytest.mark.parametrize(
    ("settings", "said"),
    [("INCREMENTAL_STATE = 7\n", "takes a str"), ("INCREMENTAL_STAT = 'x'\n", "no such setting")],
)
def test_a_setting_that_is_wrong_is_named(filled: Site, settings: str, said: str) -> None:
    assert said in filled.build(OURS + settings).log


def test_links_to_static_files_are_made_and_cleared_away(filled: Site) -> None:
    links = "STATIC_CREATE_LINKS = True\n"
    build = built(filled, links)
    photo: Path = build.output / "images/a.jpg"
    assert photo.samefile(filled.root / "content/images/a.jpg")
    built(filled, links)
    assert photo.exists()
    (filled.root / "content/images/a.jpg").unlink()
    filled.post("post-1")
    filled.post("post-2")
    filled.post("post-3")
    built(filled, links)
    assert not photo.exists()
