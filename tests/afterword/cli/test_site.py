"""The commands about the site itself."""

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.site import SETTINGS, Site


@pytest.fixture
def blog(site: Site) -> Site:
    """A blog with one post and the settings file in the usual place."""
    site.post("first")
    settings = SETTINGS + 'PLUGINS = ["afterword"]\nTHEME = "simple"\n'
    site.write({"pelicanconf.py": settings})
    return site


def afterword(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the blog's folder."""
    command: Sequence[str] = [sys.executable, "-m", "afterword", *arguments]
    return subprocess.run(  # noqa: S603  # our own command line
        command, cwd=site.root, capture_output=True, text=True, check=False
    )


def test_check_says_nothing_when_all_is_well(blog: Site) -> None:
    blog.response("first", "17")
    result = afterword(blog, "check")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_check_names_file_line_and_reason(blog: Site) -> None:
    blog.response("first", "17", replyto="99")
    blog.response("first", "18", shoe="42")
    blog.response("gone", "19")
    result = afterword(blog, "check")
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "content/comments/first/17.md:3: answers 99, which is not there; shown at top level",
        (
            "content/comments/first/18.md:3: left out: unknown key shoe; "
            "known are author, date, kind, replyto, role, source, website"
        ),
        "content/comments/gone: no post or page has this comment key",
    ]


def test_check_knows_drafts_and_hidden_posts(blog: Site) -> None:
    for status in ("draft", "hidden"):
        blog.post(f"a-{status}", status=status)
        blog.response(f"a-{status}", "1")
    assert afterword(blog, "check").returncode == 0


def test_check_prints_json_for_scripts(blog: Site) -> None:
    assert json.loads(afterword(blog, "check", "--json").stdout) == []
    blog.response("first", "17", replyto="17")
    result = afterword(blog, "check", "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout) == [
        {
            "path": "content/comments/first/17.md",
            "line": 3,
            "reason": "answers 17, which leads back here; shown at top level",
        }
    ]


def test_no_file_name_commands_the_terminal(blog: Site) -> None:
    blog.write({"content/comments/first/\x1b[2J.md": "author: A\ndate: 2026-01-01\n\nX\n"})
    for arguments in (["check"], ["check", "--json"]):
        result = afterword(blog, *arguments)
        assert result.returncode == 1
        assert "\x1b" not in result.stdout + result.stderr


def test_move_follows_a_renamed_post(blog: Site) -> None:
    blog.response("old", "17", "Kept.")
    result = afterword(blog, "move", "old", "first")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert afterword(blog, "check").returncode == 0
    assert "Kept." in (blog.root / "content/comments/first/17.md").read_text()
    assert not (blog.root / "content/comments/old").exists()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("old", "../../elsewhere", "'../../elsewhere': each part between slashes"),
        ("missing", "first", "'missing': has no responses"),
        ("old", "taken", "'taken': already has 17.md"),
    ],
)
def test_move_refuses_and_loses_nothing(blog: Site, old: str, new: str, reason: str) -> None:
    blog.response("old", "17", "Kept.")
    blog.response("taken", "17", "Also kept.")
    result = afterword(blog, "move", old, new)
    assert result.returncode == 1
    assert reason in result.stderr
    assert "Kept." in (blog.root / "content/comments/old/17.md").read_text()
    assert "Also kept." in (blog.root / "content/comments/taken/17.md").read_text()


def test_a_wrong_call_exits_with_2(blog: Site) -> None:
    assert afterword(blog, "check", "--settings", "nowhere.py").returncode == 2
    assert afterword(blog, "frobnicate").returncode == 2
