"""Where the service's pages are, for every way in which a site may be set up."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from afterword.addresses import Addresses
from afterword.errors import SettingsError

AT_ROOT = Addresses.of("https://blog.example", "/comments/submit")
ANYTHING = st.text(max_size=30) | st.text("ht:/[]@.?#%abc1 ", max_size=30)


@pytest.mark.parametrize(
    ("siteurl", "comments_url", "comments", "moderate"),
    [
        (
            "https://blog.example",
            "/comments/submit",
            "https://blog.example/comments/",
            "https://blog.example/moderate/",
        ),
        (
            "https://blog.example/",
            "comments/submit",
            "https://blog.example/comments/",
            "https://blog.example/moderate/",
        ),
        (
            "https://blog.example/ann",
            "comments/submit",
            "https://blog.example/ann/comments/",
            "https://blog.example/ann/moderate/",
        ),
        (
            "https://blog.example/ann",
            "/comments/submit",
            "https://blog.example/comments/",
            "https://blog.example/moderate/",
        ),
        (
            "",
            "https://elsewhere.example:8443/a/b/submit",
            "https://elsewhere.example:8443/a/b/",
            "https://elsewhere.example:8443/a/moderate/",
        ),
    ],
)
def test_all_pages_lie_beside_the_one_that_the_form_posts_to(
    siteurl: str, comments_url: str, comments: str, moderate: str
) -> None:
    addresses = Addresses.of(siteurl, comments_url)
    assert addresses.submit == f"{comments}submit"
    assert (addresses.comments, addresses.moderate) == (comments, moderate)


@pytest.mark.parametrize(
    ("siteurl", "comments_url", "names"),
    [
        ("https://blog.example", "", "COMMENTS_URL"),
        ("https://blog.example", "/submit", "COMMENTS_URL"),
        ("", "/comments/submit", "SITEURL"),
        ("blog.example", "/comments/submit", "SITEURL"),
        ("ftp://blog.example", "/comments/submit", "SITEURL"),
        ("https://", "/comments/submit", "SITEURL"),
        ("https://[blog.example", "/comments/submit", "SITEURL"),
        ("https://blog.example:http", "/comments/submit", "SITEURL"),
        ("https://blog.example", "javascript:alert(1)//a/b", "SITEURL"),
    ],
)
def test_settings_that_make_no_web_address_are_refused_by_name(
    siteurl: str, comments_url: str, names: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        Addresses.of(siteurl, comments_url)
    assert caught.value.name == names


@given(siteurl=ANYTHING, comments_url=ANYTHING)
@example("https://[", "/a/b")
@example("https://a.example:99999", "/a/b")
@example("https://a.example", "//[/a/b")
def test_any_settings_give_web_addresses_or_a_clear_error(siteurl: str, comments_url: str) -> None:
    try:
        addresses = Addresses.of(siteurl, comments_url)
    except SettingsError:
        return
    for address in (addresses.submit, addresses.comments, addresses.moderate):
        assert address.startswith(("http://", "https://"))
        assert Addresses.path(address).startswith("/")
    assert addresses.origin


@pytest.mark.parametrize(
    ("siteurl", "origin"),
    [
        ("https://blog.example", "https://blog.example"),
        ("https://blog.example/ann/", "https://blog.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://blog.example:80", "https://blog.example:80"),
        # As browsers write what was typed otherwise.
        ("https://Blog.Example", "https://blog.example"),
        ("https://blog.example:443", "https://blog.example"),
        ("https://ann@blog.example", "https://blog.example"),
        ("http://blog.example:80", "http://blog.example"),
    ],
)
def test_the_origin_is_spelt_as_browsers_spell_it(siteurl: str, origin: str) -> None:
    assert Addresses.of(siteurl, "/comments/submit").origin == origin


def test_each_page_has_its_own_place() -> None:
    assert [
        AT_ROOT.status("t.0-_k"),
        AT_ROOT.subscribe("t"),
        AT_ROOT.unsubscribe("t"),
        AT_ROOT.act("t"),
    ] == [
        "https://blog.example/comments/status/t.0-_k",
        "https://blog.example/comments/subscribe/t",
        "https://blog.example/comments/unsubscribe/t",
        "https://blog.example/moderate/act/t",
    ]


@given(entry=st.text(min_size=1), replyto=st.text(min_size=1))
@example("2012/just network & more", "17")
def test_the_form_is_asked_for_any_entry_and_parent(entry: str, replyto: str) -> None:
    parts = urlsplit(AT_ROOT.new(entry, replyto))
    assert parts.path == "/comments/new"
    assert parse_qs(parts.query) == {"entry": [entry], "replyto": [replyto]}


def test_a_path_is_what_the_service_routes_by() -> None:
    assert Addresses.path(AT_ROOT.submit) == "/comments/submit"
    assert Addresses.path(AT_ROOT.moderate) == "/moderate/"
