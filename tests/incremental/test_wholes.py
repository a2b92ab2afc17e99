"""Sites made of posts that were read by an earlier build are those of a clean build."""

import shutil
from pathlib import Path

import pytest

from tests.site import Build, Site

pytestmark = pytest.mark.builds

OURS = '\nPLUGINS = [*PLUGINS, "incremental"]\nFORMATTED_FIELDS = ["summary", "lead"]\n'
CLEAN = f'{OURS}INCREMENTAL_STATE = ""\n'
RST = "Structured\n##########\n\n:date: 2026-01-03\n:tags: a\n\n.. include:: ../part.txt\n"


@pytest.fixture
def filled(site: Site) -> Site:
    """A blog whose posts look at one another, and at other files."""
    site.post("first", "Text. [a photo]({static}/images/a.jpg)", tags="a, b", category="Some/Thing")
    site.post(
        "second",
        "[First]({filename}first.md)\n\n![]({attach}b.jpg)",
        summary="See [the first]({filename}first.md).",
        lead="*Before* [the first]({filename}first.md)",
        authors="Ann, Bob",
    )
    site.post("erster", lang="de")
    site.post("draft", status="draft")
    site.write(
        {
            "content/posts/erster.md": "Title: X\nDate: 2026-01-02\nLang: de\nSlug: first\n\nX\n",
            "content/posts/structured.rst": RST,
            "content/part.txt": "Included.",
            "content/images/a.jpg": b"a",
            "content/posts/b.jpg": b"b",
            "content/pages/about.md": "Title: About\n\nUs. [First]({filename}../posts/first.md)\n",
        }
    )
    return site


def same(site: Site, settings: str) -> Build:
    """A build with what is known, which has to be what one without would be."""
    shutil.rmtree(site.root / "clean", ignore_errors=True)
    ours, clean = site.build(OURS + settings), site.build(CLEAN + settings, output="clean")
    assert (ours.status, clean.status) == (0, 0), ours.log + clean.log
    assert ours.files() == clean.files()
    return ours


@pytest.mark.parametrize("theme", [None, "simple", "notmyidea"])
def test_after_every_change_the_site_is_that_of_a_clean_build(
    filled: Site, theme: str | None
) -> None:
    settings = f"THEME = {theme!r}\n" if theme else ""
    same(filled, settings)
    same(filled, settings)
    # The address of one post stands in others that have not changed.
    filled.post("first", "Moved.", tags="b, c", save_as="moved.html", url="moved.html")
    build = same(filled, settings)
    assert "moved.html" in build.read("second/index.html")
    assert "moved.html" in build.read("about/index.html")
    filled.write({"content/part.txt": "Included anew."})
    assert "Included anew." in same(filled, settings).read("structured/index.html")
    (filled.root / "content/posts/first.md").unlink()
    same(filled, settings)


def test_nothing_that_was_kept_can_break_a_build(filled: Site) -> None:
    same(filled, "")
    memory: Path = filled.root / "var/build/parsed.sqlite3"
    memory.write_bytes(b"SQLite format 3\0" + b"\x07" * 9000)
    same(filled, "")
    memory.unlink()
    filled.post("first", "Other.")
    same(filled, "")
