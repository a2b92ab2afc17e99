"""The race: everyone does everything, and what does not show its work does not count."""

import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench import race
from bench.layouts import LAYOUTS
from bench.processes import Failed
from bench.race import Plan, measure
from bench.results import SCENARIOS, Outcome
from bench.rivals import Tool

# As plain as a tool can be: a page is the post, its responses and the template.
BUILD = """
from pathlib import Path
template = Path("theme/templates/article.html").read_text()
for post in Path("content/posts").iterdir():
    text = template + post.read_text()
    for response in Path("content/comments", post.stem).glob("*.md"):
        text += response.read_text()
    page = Path("output", post.stem, "index.html")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text)
"""
COMMAND = (sys.executable, "-c", BUILD)
# The same at each line that it is told, at once each time.
SERVICE = f"import sys\nfor line in sys.stdin:\n    exec({BUILD!r})\n    print([0.25], flush=True)"
TOOL = Tool(
    name="plain",
    title="Plain",
    layout=LAYOUTS["pelican"],
    build=COMMAND,
    output="output",
    kept=("output",),
    publish=COMMAND,
    service=(sys.executable, "-c", SERVICE),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(race, "FOLDER", tmp_path)
    return tmp_path


def outcome(*tools: Tool, rounds: int = 1) -> Outcome:
    plan = Plan(tools, list(SCENARIOS), rounds, serving=False)
    return measure(12, plan, Console(file=StringIO()))


def test_everyone_does_everything_as_often_as_asked() -> None:
    found = outcome(TOOL, replace(TOOL, name="other", publish=(), service=()), rounds=2)
    assert list(found.cells["plain"]) == list(SCENARIOS)
    own = {"publish", "service"}
    assert list(found.cells["other"]) == [name for name in SCENARIOS if name not in own]
    assert found.median("plain", "service") == 0.25
    assert {len(cell.seconds) for row in found.cells.values() for cell in row.values()} == {2}
    assert found.made["plain"].files == 12 + 2
    assert found.responses > 300


def test_what_takes_long_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "_LONG", 0.0)
    found = outcome(TOOL, rounds=2)
    assert {len(cell.seconds) for cell in found.cells["plain"].values()} == {1}


def test_a_build_from_nothing_finds_nothing_and_nothing_was_removed(folder: Path) -> None:
    sure = (sys.executable, "-c", f"import os\nassert not os.path.exists('output')\n{BUILD}")
    measure(
        12,
        Plan([replace(TOOL, build=sure)], ["cold"], 2, serving=False),
        Console(file=StringIO()),
    )
    assert len([*folder.glob("builds/output-*/past/*/index.html")]) == 12
    race.tidy()
    assert not (folder / "builds").exists()


@pytest.mark.parametrize("template", ["", "theme/templates/article.html"])
def test_a_tool_that_does_not_show_the_change_has_failed(template: str) -> None:
    blind = BUILD.replace("page.write_text(text)", "page.exists() or page.write_text(text)")
    deaf = BUILD.replace("template +", "") if template else blind
    with pytest.raises(Failed, match="not to be seen"):
        outcome(replace(TOOL, build=(sys.executable, "-c", deaf)))


def test_the_theme_of_this_project_is_not_what_gets_changed(folder: Path) -> None:
    before = Path("theme/templates/article.html").read_text()
    outcome(TOOL)
    assert Path("theme/templates/article.html").read_text() == before
    (changed,) = folder.glob("builds/12-plain-*/theme/templates/article.html")
    assert changed.read_text() != before


def test_a_service_that_leaves_it_to_a_build_is_no_answer() -> None:
    service = (
        "import sys\nfor line in sys.stdin:\n    print('[0.1, \"a build is needed\"]', flush=True)"
    )
    with pytest.raises(Failed, match="a build is needed"):
        outcome(replace(TOOL, service=(sys.executable, "-c", service)))
