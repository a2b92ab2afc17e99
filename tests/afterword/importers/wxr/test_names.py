"""Names of files that are made of slugs and titles."""

import pytest

from afterword.importers.wxr.names import file_name


@pytest.mark.parametrize(
    ("slug", "title", "name"),
    [
        ("first", "Second", "first"),
        ("%C3%A4rger", "", "ärger"),
        ("../../etc/passwd", "", "etc-passwd"),
        ("...", "It's Très «bien»!", "its-tres-bien"),
        ("", "日本", ""),
        ("\0a\nb", "", "a-b"),
    ],
)
def test_they_come_from_the_slug_or_else_from_the_title(slug: str, title: str, name: str) -> None:
    assert file_name(slug, title) == name


def test_they_are_short_enough_for_a_file() -> None:
    assert file_name("ä" * 500, "") == "ä" * 90
