"""The commands that move responses in, run as a person runs them."""

import json
from pathlib import Path

from tests.afterword.cli.conftest import TWO, Queue


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


def test_a_folder_is_not_imported_into_itself(built: Queue) -> None:
    built.site.response("first", "1")
    for folder in ("content/comments", "content", "content/comments/first"):
        refused = built.run("import", "comments-files", folder)
        assert refused.returncode == 1
        assert "move the old ones elsewhere first" in refused.stderr


def test_in_another_folder_there_is_no_blog(built: Queue) -> None:
    (built.site.root / "pelicanconf.py").unlink()
    refused = built.run("import", "json", "in.json")
    assert refused.returncode == 2
    assert "run this in the blog's folder, or name its settings" in refused.stderr
