"""The commands that give all responses back, run as a person runs them."""

import json
import stat

from tests.afterword.cli.conftest import Queue


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


def test_everything_is_given_back_in_the_format_of_wordpress(built: Queue) -> None:
    built.done("import", "json", "in.json", "--unmatched", "keep")
    assert built.done("export", "wxr", "out.xml") == ""
    written = built.site.root / "out.xml"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert "<title>A Blog</title><link>https://blog.example</link>" in written.read_text("utf-8")
    again = built.done("import", "wordpress", "out.xml", "--unmatched", "keep")
    assert again == "wordpress: 2 read; 0 added, 2 there already, 0 skipped\n"


def test_what_cannot_be_written_leaves_nothing(built: Queue) -> None:
    built.add(1)
    before = set(built.site.root.rglob("*"))
    refused = built.run("export", "json", "nowhere/out.json")
    assert (refused.returncode, refused.stderr) == (
        1,
        "Error: nowhere/out.json: No such file or directory\n",
    )
    assert set(built.site.root.rglob("*")) == before
