"""The style sheets: small, self-contained, and with enough contrast."""

import re

import pytest

from tests.site import ROOT

STATIC = ROOT / "theme" / "static"
STYLE = (STATIC / "style.css").read_text(encoding="utf-8")
TEXT = [
    "--ink",
    "--soft",
    "--accent",
    "--code-comment",
    "--code-keyword",
    "--code-string",
    "--code-name",
    "--code-number",
]


def colours(scheme: str) -> dict[str, str]:
    """The named colours of a scheme; the dark one overrides the light one."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
    found = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2), from 0 for black to 1 for white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_the_guidelines_say() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["--paper", "--raised"])
def test_text_and_code_stand_out_seven_to_one(scheme: str, ground: str) -> None:
    names = colours(scheme)
    weak = {name: contrast(names[name], names[ground]) for name in TEXT}
    assert {name: ratio for name, ratio in weak.items() if ratio < 7} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_marked_response_can_be_read_as_well(scheme: str) -> None:
    names = colours(scheme)
    for name in ("--ink", "--soft", "--accent"):
        assert contrast(names[name], names["--mark"]) >= 7, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fields_have_an_edge_one_can_see(scheme: str) -> None:
    names = colours(scheme)
    assert contrast(names["--field"], names["--paper"]) >= 3


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_is_small_and_loads_nothing(path: str) -> None:
    text = (STATIC / path).read_text(encoding="utf-8")
    assert len(text) < 20_000
    assert not re.search(r"url\(|@import|@font-face|image-set", text)


def test_every_colour_that_is_used_is_given() -> None:
    used = set(re.findall(r"var\((--[\w-]+)\)", STYLE))
    given = set(re.findall(r"^\s+(--[\w-]+):", STYLE, re.MULTILINE))
    assert used == given
