"""Where feeds lie, and what items are called."""

from datetime import UTC, datetime

import pytest

from feeds.paths import feed_path, feed_url, tag_uri
from tests.feeds.validity import is_uri

MOMENT = datetime(2012, 3, 14, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        (("rss",), "feeds/all.rss.xml"),
        (
            ("atom", "category", "business/networking"),
            "feeds/category/business/networking.atom.xml",
        ),
        (("json", "tag", "ä b"), "feeds/tag/%C3%A4%20b.json"),
        (("json", "comments"), "feeds/comments.json"),
        (("rss", "author", "ann"), "feeds/author/ann.rss.xml"),
    ],
)
def test_templates_find_every_feed(arguments: tuple[str, ...], address: str) -> None:
    assert feed_url(*arguments) == address


def test_a_misspelt_format_or_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="rdf"):
        feed_url("rdf")
    with pytest.raises(ValueError, match="categories"):
        feed_path("categories", "x")


@pytest.mark.parametrize(
    "siteurl",
    ["http://blog.example", "https://blog.example:8443", "https://ann@Blog.Example/below/here"],
)
def test_a_post_keeps_its_name_on_another_port_or_scheme(siteurl: str) -> None:
    assert tag_uri(siteurl, MOMENT, "a/post/") == "tag:blog.example,2012-03-14:/a/post/"


@pytest.mark.parametrize(
    ("siteurl", "moment", "path", "name"),
    [
        ("", MOMENT, "x/", "tag:localhost,2012-03-14:/x/"),
        ("https://bücher.example", MOMENT, "", "tag:xn--bcher-kva.example,2012-03-14:/"),
        ("https://x.example", MOMENT, "ä b?", "tag:x.example,2012-03-14:/%C3%A4%20b%3F"),
        ("https://x.example", datetime(476, 9, 4, tzinfo=UTC), "x", "tag:x.example,0476-09-04:/x"),
    ],
)
def test_a_name_is_a_valid_uri(siteurl: str, moment: datetime, path: str, name: str) -> None:
    assert tag_uri(siteurl, moment, path) == name
    assert is_uri(name)
