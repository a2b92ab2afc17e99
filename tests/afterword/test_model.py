"""What a comment may hold."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from afterword.errors import InvalidComment
from afterword.model import Comment, first_forbidden


def comment(**changes: object) -> Comment:
    """A comment, with what a test says about it."""
    fields: dict[str, object] = {
        "entry": "first",
        "id": "17",
        "author": "Dave",
        "date": datetime(2012, 3, 14, tzinfo=UTC),
        "body": "",
    }
    return Comment(**(fields | changes))  # type: ignore[arg-type]


def test_every_code_point_is_judged_as_unicode_and_xml_say() -> None:
    for code in range(0x110000):
        character = chr(code)
        never = (
            (unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t")
            or code & 0xFFFE == 0xFFFE
            or 0xFDD0 <= code <= 0xFDEF
        )
        assert bool(first_forbidden(character)) == never, hex(code)
        ends_a_line = character in "\n\t\u2028\u2029"
        assert bool(first_forbidden(character, line=True)) == (never or ends_a_line), hex(code)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "-1"),
        ("id", "a/b"),
        ("id", "x" * 65),
        ("author", ""),
        ("author", " Dave"),
        ("author", "Da\nve"),
        ("author", "Da\x00ve"),
        ("date", datetime(2012, 3, 14)),  # noqa: DTZ001  # what is refused
        ("date", datetime(2012, 3, 14, tzinfo=timezone(timedelta(hours=1)))),
        ("replyto", "../1"),
        ("body", "a\rb"),
        ("body", "a\x1bb"),
        ("website", "javascript:alert(1)"),
        ("website", "https://"),
        ("website", "https://[::1"),
        ("website", "https://a.example:port/"),
        ("website", 'https://a.example/"x'),
        ("website", "https://a.example/ x"),
        ("website", "https://bank.example@evil.example/"),
        ("website", "https://a.example/" + "x" * 2000),
        ("source", "/relative"),
    ],
)
def test_what_could_do_harm_is_refused_with_its_field(field: str, value: object) -> None:
    with pytest.raises(InvalidComment) as caught:
        comment(**{field: value})
    assert caught.value.field == field


def test_every_address_that_is_taken_is_one_of_the_web(corpora: Path) -> None:
    cases = json.loads((corpora / "wpt-url/urltestdata.json").read_text(encoding="utf-8"))
    taken = 0
    for case in cases:
        if not isinstance(case, dict):
            continue
        try:
            website = comment(website=case["input"]).website
        except InvalidComment:
            continue
        assert website
        assert website.lower().startswith(("http://", "https://"))
        taken += 1
    assert taken > 20
