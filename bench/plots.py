"""Cost against size as a small drawing, which is right on white and on black."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH: Final = 700
_HEIGHT: Final = 340
# Where the lines are: between the figures on the left and their names on the right.
_LEFT: Final = 64
_RIGHT: Final = 490
_TOP: Final = 44
_BOTTOM: Final = 296
_LINE_HEIGHT: Final = 17
_STYLE: Final = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.axis { fill: #57606a }
.grid { stroke: #d0d7de; stroke-width: 1 }
.line { fill: none; stroke-width: 2 }
.first { stroke-width: 3 }
.dashed { stroke-dasharray: 2 5; stroke-linecap: round }
.c0 { color: #bc4c00 } .c1 { color: #0969da } .c2 { color: #1a7f37 } .c3 { color: #6e5494 }
.line { stroke: currentColor } circle, .label { fill: currentColor }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .axis { fill: #9198a1 } .grid { stroke: #3d444d }
.c0 { color: #f0883e } .c1 { color: #58a6ff } .c2 { color: #3fb950 } .c3 { color: #bc8cff }
}"""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its points in the order of their size, and which of four colours it has."""

    title: str
    colour: int
    points: tuple[Point, ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a number lies between two others, by its logarithm."""

    lowest: float
    highest: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        part = math.log(value / self.lowest) / math.log(self.highest / self.lowest)
        return self.start + part * (self.end - self.start)

    def tens(self) -> list[float]:
        """The powers of ten within."""
        first, last = (round(math.log10(each)) for each in (self.lowest, self.highest))
        return [10.0**power for power in range(first, last + 1)]


def draw(title: str, unit: str, series: Sequence[Series]) -> str:
    """Return an SVG document: one line for each series, both axes in powers of ten."""
    points = [point for each in series for point in each.points]
    across = _scale([x for x, _ in points], _LEFT, _RIGHT)
    up = _scale([y for _, y in points], _BOTTOM, _TOP)
    places = _apart({each.title: up(each.points[-1][1]) for each in series})
    body = [
        *(_rule(up(value), f"{value:,g} {unit}") for value in up.tens()),
        *(_text(across(value), _HEIGHT - 18, f"{value:,.0f}") for value in across.tens()),
        *(_line(each, across, up) for each in reversed(series)),
        *(_label(each, places[each.title], unit) for each in series),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n"
        f'<text class="title" x="8" y="20">{escape(title)}</text>\n'
        + "\n".join(body)
        + f"\n{_text(_RIGHT + 48, _HEIGHT - 18, 'posts')}\n</svg>\n"
    )


def _scale(values: Sequence[float], start: float, end: float) -> _Scale:
    lowest = 10 ** math.floor(math.log10(min(values)))
    highest = 10 ** math.ceil(math.log10(max(values)))
    return _Scale(lowest, max(highest, 10 * lowest), start, end)


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Places near those that are wanted, of which none is on another's line."""
    found: dict[str, float] = {}
    last = -math.inf
    for title, place in sorted(wanted.items(), key=lambda item: (item[1], item[0])):
        last = found[title] = max(place, last + _LINE_HEIGHT)
    down = max(0.0, last - (_BOTTOM)) if found else 0.0
    return {title: place - down for title, place in found.items()}


def _rule(y: float, label: str) -> str:
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="axis" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
    )


def _text(x: float, y: float, label: str) -> str:
    return f'<text class="axis" x="{x:.1f}" y="{y}" text-anchor="middle">{label}</text>'


def _line(series: Series, across: _Scale, up: _Scale) -> str:
    places = [(across(x), up(y)) for x, y in series.points]
    names = "line" + " first" * (series.colour == 0) + " dashed" * series.dashed
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places)
    return f'<g class="c{series.colour}"><polyline class="{names}" points="{path}"/>{dots}</g>'


def _label(series: Series, y: float, unit: str) -> str:
    last = series.points[-1][1]
    figure = f"{last:.2g}" if last < 10 else f"{last:,.0f}"
    return (
        f'<text class="label c{series.colour}" x="{_RIGHT + 10}" y="{y + 4:.1f}">'
        f"{escape(series.title)} · {figure} {unit}</text>"
    )
