"""The figures as they are read: medians, ratios, and a page around them that stays."""

import re
from pathlib import Path

from bench.pages import drawings, table, write_docs
from bench.results import Cell, Made, Outcome, Served, load, save

MB = 1_000_000


def outcome(posts: int, *, slower: float = 1.0) -> Outcome:
    def cell(*seconds: float) -> Cell:
        return Cell([slower * each for each in seconds], [1.0], 80 * MB)

    return Outcome(
        posts=posts,
        responses=5 * posts,
        machine="2 cores",
        titles={"afterword": "Afterword", "pelican": "Pelican"},
        cells={
            "afterword": {
                "cold": cell(2, 9, 1),
                "response": cell(0.5),
                "publish": cell(0.05),
                "service": cell(0.01),
            },
            "pelican": {"cold": cell(8), "response": cell(7)},
        },
        made={"afterword": Made(10, MB), "pelican": Made(12, 2 * MB)},
        servers={
            "`afterword serve`": Served(
                shown={"response": [0.1], "edit": [0.2]},
                rested={"response": [0.3], "edit": [12.0]},
                memory=50 * MB,
            )
        },
    )


def row(text: str, title: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {title} ")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_the_median_counts_and_ratios_are_to_ours() -> None:
    assert row(table(outcome(100)), "everything, from nothing") == ["2.00", "8.00", "4.0"]


def test_a_command_of_its_own_is_compared_with_what_others_need_for_the_same() -> None:
    text = table(outcome(100))
    assert row(text, "one response added, by `afterword publish-responses`") == ["0.05", "", "140"]
    assert row(text, "one response added, in the running service") == ["0.01", "", "700"]


def test_what_was_not_measured_is_left_empty() -> None:
    assert row(table(outcome(100)), "one new post") == ["", "", ""]


def test_memory_and_what_was_made_are_shown() -> None:
    text = table(outcome(1000))
    assert text.startswith("### 1,000 posts, 5,000 responses\n")
    assert row(text, "most memory, MB") == ["80", "80", ""]
    assert row(text, "files made") == ["10", "12", ""]
    assert row(text, "`afterword serve`") == ["0.10 (0.30)", "0.20 (12.0)", "50"]


def test_all_lines_of_a_table_have_the_same_columns() -> None:
    for part in table(outcome(100)).split("\n\n")[1:]:
        assert len({len(line) for line in part.splitlines()}) == 1


def test_figures_are_kept_as_they_were(tmp_path: Path) -> None:
    kept = tmp_path / "builds.json"
    assert load(kept) == {}
    save(kept, {1000: outcome(1000), 100: outcome(100)})
    assert load(kept) == {100: outcome(100), 1000: outcome(1000)}
    assert list(load(kept)) == [100, 1000]


def test_the_page_around_the_figures_stays(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    (tmp_path / "images").mkdir()
    start, end = "<!-- figures: written by bench.builds -->\n", "<!-- end of figures -->\n"
    page.write_text(f"Before.\n\n{start}old figures\n{end}\nAfter.\n")
    write_docs({100: outcome(100), 1000: outcome(1000)}, tmp_path)
    first = page.read_text()
    assert first.startswith(f"Before.\n\n{start}")
    assert first.endswith(f"{end}\nAfter.\n")
    assert "old figures" not in first
    assert re.findall(r"^### (.*) posts", first, re.MULTILINE) == ["100", "1,000"]
    write_docs({100: outcome(100), 1000: outcome(1000)}, tmp_path)
    assert page.read_text() == first
    assert len(list((tmp_path / "images").iterdir())) == 3


def test_each_tool_has_a_line_and_our_command_one_of_its_own() -> None:
    found = drawings({100: outcome(100), 1000: outcome(1000, slower=3)})
    names = {name: re.findall(r">([\w-]+) · ", text) for name, text in found.items()}
    assert names == {
        "cold": ["Afterword", "Pelican"],
        "response": ["Afterword", "Pelican", "publish-responses"],
        "memory": ["Afterword", "Pelican"],
    }
