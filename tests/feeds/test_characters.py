"""Characters that a feed can hold."""

import re
import sys

from hypothesis import given

from feeds.characters import speakable
from tests.feeds.strategies import ANYTHING
from tests.feeds.validity import parse

# Written down once more, and in another way than in the code.
CANNOT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def test_every_character_there_is_passes_or_goes() -> None:
    for start in range(0, sys.maxunicode + 1, 0x1000):
        text = "".join(map(chr, range(start, start + 0x1000)))
        assert speakable(text) == CANNOT.sub("", text)


@given(ANYTHING)
def test_what_is_left_parses_as_xml_and_is_left_alone(text: str) -> None:
    left = speakable(text)
    escaped = left.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert (parse(f"<x>{escaped}</x>").text or "") == re.sub("\r\n?", "\n", left)
    assert speakable(left) == left
