"""Ampersands in HTML that nobody has escaped."""

import pytest

from afterword.importers.ampersands import escaped, unescaped


@pytest.mark.parametrize(
    ("html", "same"),
    [
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("?a=1&para=2&copy=3&it", "?a=1&amp;para=2&amp;copy=3&amp;it"),
        ("&amp; &lt; &#38; &#x26; &frac12;", "&amp; &lt; &#38; &#x26; &frac12;"),
        ("&#; &#x; &;", "&amp;#; &amp;#x; &amp;;"),
    ],
)
def test_they_are_told_from_entities(html: str, same: str) -> None:
    assert escaped(html) == same
    assert escaped(same) == same


def test_no_number_is_longer_than_that_of_a_character() -> None:
    endless = f"&#{'9' * 5000};"
    assert escaped(endless) == f"&amp;#{'9' * 5000};"
    assert unescaped(endless) == unescaped(endless.replace("&", "&amp;")) == endless[1:]
    assert unescaped("&#65;&#x42;&#000067;") == "ABC"
