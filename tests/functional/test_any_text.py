"""Any text in any field: the build goes through, no page is lost, and every feed is well-formed."""

import html.parser
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from afterword.markup import clean
from afterword.model import first_forbidden
from tests.site import Build, Site

BLOCK = 1024
_MARKED = set("\\`*_{}[]<>()#+-.!~&|=:@/\"'$%,;?^0123456789 \t\n")


class Text(html.parser.HTMLParser):
    """The text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def feeds_of(build: Build) -> list[Path]:
    """Every XML feed."""
    return [*build.output.rglob("*.atom.xml"), *build.output.rglob("*.rss.xml")]


@pytest.fixture(scope="module")
def babel(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A blog whose responses hold every code point there is, in every field that takes it."""
    site = Site(tmp_path_factory.mktemp("babel"))
    site.post("babel")
    site.post("control")
    for start in range(0, 0x110000, BLOCK):
        block = [chr(code) for code in range(start, start + BLOCK)]
        good = "".join(c for c in block if not first_forbidden(c))
        if not good:
            continue
        site.response("babel", f"{start}-body", f"x{good}x")
        line = "".join(c for c in good if not first_forbidden(c, line=True))
        site.response("babel", f"{start}-name", author=f"x{line}x")
        if bad := [c for c in block if first_forbidden(c) and not 0xD800 <= ord(c) <= 0xDFFF]:
            site.response("control", f"{start}-body", "".join(bad))
            site.response("control", f"{start}-name", author="x" + "".join(bad))
    return site.build()


def test_the_build_goes_through_and_loses_no_page(babel: Build) -> None:
    assert babel.status == 0, babel.log[-2000:]
    for name in ("babel", "control"):
        assert (babel.output / name / "index.html").is_file()


def test_every_feed_is_well_formed(babel: Build) -> None:
    feeds = feeds_of(babel)
    assert len(feeds) > 6
    for path in feeds:
        ET.parse(path)  # noqa: S314  # our own output


def test_every_character_that_a_page_can_carry_is_on_it(babel: Build) -> None:
    parser = Text()
    parser.feed(babel.read("babel/index.html"))
    shown = set(parser.text)
    wanted = {chr(code) for code in range(0x110000) if not first_forbidden(chr(code))}
    missing = {c for c in wanted - shown if clean(c) and c not in _MARKED}
    assert missing == set()


def test_what_no_page_can_carry_is_left_out_with_its_place(babel: Build) -> None:
    left_out = re.findall(r"content/comments/control/\S+\.md:\d+: left out: ", babel.log)
    assert len(left_out) == 2 * 18  # the first block, and the one at the end of each plane
    assert "comment-" not in babel.read("control/index.html")


def test_control_characters_of_the_author_spoil_no_feed(site: Site) -> None:
    site.post("fine")
    site.write(
        {
            "content/posts/odd.md": "Title: O\x0bd\x1bd \ufffe & <b> ]]>\nDate: 2026-01-02\n"
            "Slug: odd\nCategory: C\x0b & D\nTags: t\x0c<x>\n\nT\x00e\x0bx\x1bt \uffff\n"
        }
    )
    build = site.build()
    assert build.status == 0, build.log
    for path in feeds_of(build):
        ET.parse(path)  # noqa: S314  # our own output
    assert (build.output / "fine/index.html").is_file()
    assert (build.output / "odd/index.html").is_file()
