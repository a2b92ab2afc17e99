"""Everything published, and everything that is wrong with it."""

from pathlib import Path

from afterword.published import gather

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
    assert [placed.comment.id for placed in found.threads["a"].placed] == ["1", "2", "3"]


def test_strange_folder_names_are_reported_in_characters_that_print(tmp_path: Path) -> None:
    for name in ("\x1b[2J", " spaced ", "new\nline", b"\xff".decode(errors="surrogateescape")):
        put(tmp_path, f"{name}/1.md", f"{HEAD}replyto: 2\n\nX\n")
    problems = gather(tmp_path, set()).problems
    assert len(problems) == 8
    assert all(str(problem).isprintable() for problem in problems)
