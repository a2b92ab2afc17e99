"""The figures as they are read: tables, drawings, and the page of the docs that shows them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bench.plots import Point, Series, draw
from bench.results import SCENARIOS, Outcome, Served

_OURS: Final = "afterword"
_START: Final = "<!-- figures: written by bench.builds -->\n"
_END: Final = "<!-- end of figures -->\n"
_PLOTS: Final = {
    "cold": "Seconds to build everything, from nothing",
    "edit": "Seconds to build after one post was edited",
    "response": "Seconds to build after one response was added",
    "memory": "The most memory that any of these builds had",
}


def table(outcome: Outcome) -> str:
    """Return all that is known of one size, in Markdown."""
    rivals = [name for name in outcome.titles if name != _OURS] if _OURS in outcome.cells else []
    ours = outcome.titles.get(_OURS)
    head = [
        *("seconds", *outcome.titles.values()),
        *(f"{outcome.titles[name]} : {ours}" for name in rivals),
    ]
    rows = [_row(outcome, name, rivals) for name in SCENARIOS]
    for title, numbers in _sizes(outcome).items():
        rows.append([title, *(f"{number:,.0f}" for number in numbers), *[""] * len(rivals)])
    text = f"### {outcome.posts:,} posts, {outcome.responses:,} responses\n\n"
    return text + _markdown(head, rows) + (_servers(outcome.servers) if outcome.servers else "")


def write_docs(outcomes: Mapping[int, Outcome], docs: Path) -> None:
    """Put the figures of all sizes into docs/performance.md, between its marks, and draw them."""
    page = docs / "performance.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(_START)
    after = rest.partition(_END)[2]
    found = drawings(outcomes)
    for name, text in found.items():
        (docs / "images" / f"performance-{name}.svg").write_text(text, encoding="utf-8")
    shown = "".join(f"![{_PLOTS[name]}](images/performance-{name}.svg)\n" for name in found)
    machines = "; ".join(sorted({each.machine for each in outcomes.values()}))
    figures = "\n".join([f"Measured on {machines}.\n", shown, *map(table, outcomes.values())])
    page.write_text(f"{before}{_START}\n{figures}\n{_END}{after}", encoding="utf-8")


def drawings(outcomes: Mapping[int, Outcome]) -> dict[str, str]:
    """Return the drawings of cost against size, by what they show."""
    found = {name: list(_lines(outcomes, name)) for name in _PLOTS}
    units = {"memory": "MB"}
    return {
        name: draw(_PLOTS[name], units.get(name, "s"), lines)
        for name, lines in found.items()
        if lines
    }


def _lines(outcomes: Mapping[int, Outcome], name: str) -> Iterator[Series]:
    points_of = _memory if name == "memory" else partial(_times, scenario=name)
    for colour, (tool, title) in enumerate(_titles(outcomes).items()):
        if points := points_of(outcomes, tool):
            yield Series(title, colour, points)
    if name == "response" and (points := _times(outcomes, _OURS, "publish")):
        yield Series("publish-responses", 0, points, dashed=True)


def _titles(outcomes: Mapping[int, Outcome]) -> dict[str, str]:
    return {tool: title for each in outcomes.values() for tool, title in each.titles.items()}


def _times(outcomes: Mapping[int, Outcome], tool: str, scenario: str) -> tuple[Point, ...]:
    medians = ((size, each.median(tool, scenario)) for size, each in outcomes.items())
    return tuple((size, median) for size, median in medians if median is not None)


def _memory(outcomes: Mapping[int, Outcome], tool: str) -> tuple[Point, ...]:
    there = {size: each for size, each in outcomes.items() if tool in each.cells}
    return tuple((size, each.memory(tool) / 1e6) for size, each in there.items())


def _row(outcome: Outcome, scenario: str, rivals: Sequence[str]) -> list[str]:
    """One thing that happens to a blog: everyone's seconds, and how many times ours they are."""
    own = outcome.median(_OURS, scenario)
    # What only we have a command for, the others need as long for as the row above says.
    for_rivals = "response" if scenario in {"publish", "service"} else scenario
    times = [_seconds(outcome.median(tool, scenario)) for tool in outcome.titles]
    ratios = [_ratio(outcome.median(name, for_rivals), own) for name in rivals]
    return [SCENARIOS[scenario], *times, *ratios]


def _sizes(outcome: Outcome) -> dict[str, list[float]]:
    made = [outcome.made[tool] for tool in outcome.titles]
    return {
        "most memory, MB": [outcome.memory(tool) / 1e6 for tool in outcome.titles],
        "files made": [each.files for each in made],
        "MB made": [each.bytes / 1e6 for each in made],
    }


def _servers(servers: Mapping[str, Served]) -> str:
    head = ["seconds until the page shows it (until idle)"]
    head += ["one response added", "one post edited", "most memory, MB"]
    rows = [
        [
            title,
            *(
                f"{_seconds(served.median(kind))} ({_seconds(served.median_rest(kind))})"
                for kind in ("response", "edit")
            ),
            f"{served.memory / 1e6:,.0f}",
        ]
        for title, served in servers.items()
    ]
    return f"\n{_markdown(head, rows)}"


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}"


def _ratio(value: float | None, own: float | None) -> str:
    if value is None or own is None:
        return ""
    ratio = value / own
    return f"{ratio:.1f}" if ratio < 10 else f"{ratio:,.0f}"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose columns are aligned in a terminal too, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "".join(
        f"| {' | '.join(_cell(*each) for each in enumerate(zip(line, widths, strict=True)))} |\n"
        for line in (head, rule, *rows)
    )


def _cell(column: int, cell: tuple[str, int]) -> str:
    text, width = cell
    return text.rjust(width) if column else text.ljust(width)
