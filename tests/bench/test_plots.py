"""Drawings: well-formed, to scale, and readable where lines end close together."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from bench.plots import Series, draw

SVG = "{http://www.w3.org/2000/svg}"
figures = st.floats(0.01, 5000)


def lines(*ends: float) -> list[Series]:
    return [
        Series(f"Tool {n}", n % 4, ((100.0, 1.0), (10_000.0, end))) for n, end in enumerate(ends)
    ]


def root(*series: Series) -> ET.Element:
    return ET.fromstring(draw("Seconds & more", "s", series))  # noqa: S314  # our own text


def places(element: ET.Element) -> list[list[tuple[float, float]]]:
    found = (each.attrib["points"] for each in element.iter(f"{SVG}polyline"))
    return [
        [(float(x), float(y)) for x, y in re.findall(r"([-\d.]+),([-\d.]+)", each)]
        for each in found
    ]


def labels(element: ET.Element) -> dict[str, float]:
    texts = (each for each in element.iter(f"{SVG}text") if "label" in each.get("class", ""))
    return {(each.text or "").partition(" · ")[0]: float(each.attrib["y"]) for each in texts}


def test_ten_times_as_much_is_the_same_way_everywhere() -> None:
    points = ((100.0, 0.1), (1000.0, 1.0), (10_000.0, 10.0))
    ((first, second, third),) = places(root(Series("Tool", 0, points)))
    assert second[0] - first[0] == third[0] - second[0] > 0
    assert first[1] - second[1] == second[1] - third[1] > 0


@given(st.lists(figures, min_size=1, max_size=5))
def test_names_never_stand_on_each_other(ends: list[float]) -> None:
    found = sorted(labels(root(*lines(*ends))).values())
    assert len(found) == len(ends)
    assert all(below - above > 16 for above, below in pairwise(found))


@given(st.lists(figures, min_size=1, max_size=5))
def test_all_is_within_the_drawing(ends: list[float]) -> None:
    drawing = root(*lines(*ends))
    height = float(drawing.attrib["height"])
    assert all(0 < y < height for y in labels(drawing).values())
    assert all(0 < y < height for line in places(drawing) for _, y in line)


def test_one_size_is_enough() -> None:
    assert places(root(Series("Tool", 0, ((100.0, 1.0),)))) != []


def test_a_title_is_text() -> None:
    assert next(root(*lines(1.0)).iter(f"{SVG}title")).text == "Seconds & more"
