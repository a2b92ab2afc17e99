"""Addresses in feeds."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.addresses import is_uri, language_tag, uri, web_page
from tests.feeds import validity
from tests.feeds.strategies import ANYTHING


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("https://x.example/a/?b=c&d#e", "https://x.example/a/?b=c&d#e"),
        ("https://x.example/%C3%A9/", "https://x.example/%C3%A9/"),
        ("https://x.example/é y/", "https://x.example/%C3%A9%20y/"),
        ("https://bücher.example:8000/", "https://xn--bcher-kva.example:8000/"),
        ("https://x.example/100%/50%2", "https://x.example/100%25/50%252"),
        ("https://x.example/a#b#c", "https://x.example/a#b%23c"),
        ("https://x.example/[a]", "https://x.example/%5Ba%5D"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("https://x.example/\x00\ud800", "https://x.example/%00"),
        ("  https://x.example/ é ", "https://x.example/%20%C3%A9"),
        ("/a/é#ü", "/a/%C3%A9#%C3%BC"),
        ("mailto:ä@x.example", "mailto:%C3%A4@x.example"),
        ("https://x.example/a\nb", "https://x.example/a%0Ab"),
    ],
)
def test_what_a_uri_cannot_hold_is_encoded(typed: str, known: str) -> None:
    assert uri(typed) == known


@given(
    st.builds(
        "https://{}{}".format, st.sampled_from(["x.example/", "x.example", "é.example?"]), ANYTHING
    )
)
@example("https://good.example\uff0fevil.example/")
@example("https://good.example\uff20evil.example/")
@example("https://\u2488com/")
@example("https://" + "ä" * 70 + ".example/")
def test_any_address_becomes_a_uri_and_stays_what_it_became(address: str) -> None:
    known = uri(address)
    assert known.isascii()
    assert uri(known) == known
    assert not set(known) & set(' "<>\\^`{|}')


@given(ANYTHING)
def test_any_path_makes_a_valid_uri(path: str) -> None:
    assert validity.is_uri(uri(f"https://blog.example/{path}"))


@pytest.mark.parametrize("letter", ["\uff0f", "\uff20", "\uff1f", "\uff03", "\uff1a"])
def test_no_letter_folds_into_another_host(letter: str) -> None:
    authority = uri(f"https://good.example{letter}evil.example/").split("/")[2]
    assert "%EF%BC" in authority
    assert authority.endswith("evil.example")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://x.example/é", "https://x.example/%C3%A9"),
        ("HTTP://x.example", "HTTP://x.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//x.example/", None),
        ("https://", None),
        ("x.example", None),
        ("", None),
    ],
)
def test_a_page_on_the_web_is_told_from_the_rest(address: str, page: str | None) -> None:
    assert web_page(address) == page


def test_an_absolute_uri_is_told_from_a_name() -> None:
    assert is_uri("tag:x.example,2026:/a")
    assert is_uri("urn:x")
    assert not is_uri("42")
    assert not is_uri("?p=42")
    assert not is_uri("x:")


@pytest.mark.parametrize(
    ("name", "tag"),
    [("en", "en"), ("en_GB", "en-GB"), ("zh-Hant-TW", "zh-Hant-TW")]
    + [(nonsense, "") for nonsense in ("", None, "english, mostly", "e\x00n", "-", "abcdefghi")],
)
def test_a_language_is_a_tag_or_nothing(name: str | None, tag: str) -> None:
    assert language_tag(name) == tag
