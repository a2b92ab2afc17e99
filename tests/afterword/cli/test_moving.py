"""The commands that move responses in and out, run as a person runs them."""

import json
import stat
from pathlib import Path

import pytest

from afterword import entries
from tests.afterword.cli.conftest import Queue
from tests.afterword.importers.conftest import entry

TWO = {
    "version": 1,
    "responses": [
        {"entry": "first", "id": "17", "author": "Dave", "date": "2012-03-14", "body": "Mine."},
        {"url": "/gone/", "id": "18", "author": "Eve", "date": "2012-03-15", "body": "Yours."},
    ],
}


@pytest.fixture
def built(queue: Queue) -> Queue:
    """The blog with the list of entries that a build leaves."""
    listed = entries.dump([(entry("first"), "[]")])
    queue.site.write({"output/comments/entries.json": listed, "in.json": json.dumps(TWO)})
    return queue


def files(queue: Queue) -> set[Path]:
    return {path for path in queue.site.root.rglob("*") if path.is_file()}


def test_an_import_reports_what_came_and_what_did_not(built: Queue) -> None:
    before = files(built)
    tried = built.run("import", "json", "in.json", "--dry-run")
    assert files(built) == before
    assert tried.returncode == 1
    assert "would be 1 added" in tried.stdout
    done = built.run("import", "json", "in.json")
    assert (done.returncode, done.stdout) == (
        1,
        "json: 2 read; 1 added (1 approved), 0 there already, 1 skipped\n",
    )
    assert done.stderr == (
        "skipped: /gone/: no post or page has this address or slug\n"
        "  in.json: responses, number 2\n"
    )
    assert built.published() == ["17"]
    again = built.run("import", "json", "in.json", "--match", "/gone/=first", "--json")
    assert again.returncode == 0
    data = json.loads(again.stdout)
    assert (data["read"], data["already"], data["added"]["approved"]) == (2, 1, 1)
    assert built.published() == ["17", "18"]


def test_without_a_build_nobody_knows_which_posts_there_are(queue: Queue) -> None:
    queue.site.write({"in.json": json.dumps(TWO)})
    refused = queue.run("import", "json", "in.json")
    assert refused.returncode == 1
    assert "build the site first" in refused.stderr
    assert queue.run("import", "json", "in.json", "--match", "x=../y").returncode == 2
    assert queue.done("import", "json", "in.json", "--unmatched", "keep").startswith("json: 2 read")
    assert queue.published() == ["17", "18"]


def test_a_broken_file_is_refused_whole(built: Queue) -> None:
    built.site.write({"in.json": json.dumps(TWO)[:-9]})
    refused = built.run("import", "json", "in.json")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: in.json:1: is no sound JSON")
    assert built.published() == []


def test_everything_is_given_back(built: Queue) -> None:
    built.add(1)
    built.done("import", "json", "in.json", "--unmatched", "keep")
    assert built.done("export", "json", "out.json") == ""
    written = built.site.root / "out.json"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    text = written.read_text(encoding="utf-8")
    assert built.done("export", "json") == text
    found = {each["id"]: each for each in json.loads(text)["responses"]}
    assert found.keys() == {"17", "18", "a1"}
    assert (found["a1"]["status"], found["a1"]["email"]) == ("pending", "Dave@Example.org")


def test_a_folder_is_not_imported_into_itself(built: Queue) -> None:
    built.site.response("first", "1")
    for folder in ("content/comments", "content", "content/comments/first"):
        refused = built.run("import", "comments-files", folder)
        assert refused.returncode == 1
        assert "move the old ones elsewhere first" in refused.stderr


def test_everything_is_given_back_in_the_format_of_wordpress(built: Queue) -> None:
    built.done("import", "json", "in.json", "--unmatched", "keep")
    assert built.done("export", "wxr", "out.xml") == ""
    written = built.site.root / "out.xml"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert "<title>A Blog</title><link>https://blog.example</link>" in written.read_text("utf-8")
    again = built.done("import", "wordpress", "out.xml", "--unmatched", "keep")
    assert again == "wordpress: 2 read; 0 added, 2 there already, 0 skipped\n"
