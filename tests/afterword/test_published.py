"""Everything published, and everything that is wrong with it."""

from pathlib import Path

from afterword import commentfile
from afterword.published import Published, gather

HEAD = "author: A\ndate: 2020-01-01\n"


def put(root: Path, name: str, text: str) -> None:
    """Write a response file."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_problems_come_with_file_line_and_reason_in_order(tmp_path: Path) -> None:
    put(tmp_path, "a/1.md", f"{HEAD}\nFine\n")
    put(tmp_path, "a/2.md", f"{HEAD}replyto: 9\n\nOrphan\n")
    put(tmp_path, "a/3.md", f"{HEAD}website: https://x.example\nreplyto: 3\n\nLoop\n")
    put(tmp_path, "a/4.md", f"{HEAD}ip: 127.0.0.1\n\nLeak\n")
    put(tmp_path, "gone/5.md", f"{HEAD}\nNobody's\n")
    found = gather(tmp_path, {"a"})
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in found.problems] == [
        "a/2.md:3: answers 9, which is not there; shown at top level",
        "a/3.md:4: answers 3, which leads back here; shown at top level",
        "a/4.md:3: left out: ip must not be in a published file; remove this line",
        "gone: no post or page has this comment key",
    ]
    assert [comment.id for comment in found.conversations["a"].comments] == ["1", "2", "3"]


def test_the_good_are_found_and_the_bad_named(tmp_path: Path) -> None:
    for name in (
        *("first/17.md", "first/x y.md", "first/18.txt", "first/.19.md", "first/.17-abc.tmp"),
        *(".git/20.md", "2012/nested/21.md", "readme.md"),
    ):
        put(tmp_path, name, f"{HEAD}\nFine\n")
    put(tmp_path, "first/22.md", "x" * (commentfile.MAX_BYTES + 1))
    (tmp_path / "first/23.md").mkdir()
    found = gather(tmp_path, {"first", "2012/nested"})
    assert {name: [c.id for c in each.comments] for name, each in found.conversations.items()} == {
        "": [],
        "first": ["17"],
        "2012/nested": ["21"],
    }
    assert [problem.path.name for problem in found.problems] == [
        *("18.txt", "22.md", "x y.md", "readme.md")
    ]


def test_a_missing_folder_holds_nothing(tmp_path: Path) -> None:
    assert gather(tmp_path / "none", set()) == Published({}, ())


def test_with_a_memory_the_same_is_found(tmp_path: Path) -> None:
    root, memory = tmp_path / "comments", tmp_path / "var/x.sqlite3"
    put(root, "a/1.md", f"{HEAD}\nFine\n")
    put(root, "a/2.md", f"{HEAD}replyto: 9\n\nOrphan\n")
    put(root, "a/3.md", "no")
    plain = gather(root, {"a"})
    for _ in range(2):
        found = gather(root, {"a"}, memory)
        assert found.problems == plain.problems
        assert found.conversations["a"].comments == plain.conversations["a"].comments
        assert found.conversations["a"].digest == plain.conversations["a"].digest
    (root / "a/3.md").unlink()
    assert len(gather(root, {"a"}, memory).problems) == 1


def test_strange_folder_names_are_reported_in_characters_that_print(tmp_path: Path) -> None:
    for name in ("\x1b[2J", " spaced ", "new\nline", b"\xff".decode(errors="surrogateescape")):
        put(tmp_path, f"{name}/1.md", f"{HEAD}replyto: 2\n\nX\n")
    problems = gather(tmp_path, set()).problems
    assert len(problems) == 8
    assert all(str(problem).isprintable() for problem in problems)
