"""What programs read: microformats2 and schema.org's microdata."""

from typing import Any

import mf2py
import microdata
import pytest

from tests.site import Build
from tests.theme.conftest import SAID, SETTINGS

URL = "https://blog.example/long/"
RESPONSES = {
    "17": ("Dave", "2026-01-10T09:26:00", URL),
    "18": ("Ann Author", "2026-01-11T09:26:00", f"{URL}#comment-17"),
    "19": ("שלום <b>", "2026-01-12T09:26:00", f"{URL}#comment-18"),
    "23": ("Elsewhere", "2026-01-13T09:26:00", URL),
}


@pytest.fixture(scope="module")
def entry(blog: Build) -> Any:  # noqa: ANN401  # JSON
    """The properties of the post's h-entry."""
    parsed = mf2py.parse(doc=blog.read("long/index.html"), url=URL)
    assert [item["type"] for item in parsed["items"]] == [["h-entry"]]
    return parsed["items"][0]["properties"]


@pytest.fixture(scope="module")
def posting(blog: Build) -> Any:  # noqa: ANN401  # the parser has no types
    """The post's BlogPosting."""
    items = microdata.get_items(blog.read("long/index.html"))
    assert [str(item.itemtype[0]) for item in items] == ["https://schema.org/BlogPosting"]
    return items[0]


def test_microformats_tell_the_post(entry: dict[str, Any]) -> None:
    assert entry["name"] == [SAID]
    assert entry["url"] == [URL]
    assert entry["published"][0].startswith("2025-12-01T10:00:00")
    assert entry["updated"][0].startswith("2026-02-03T10:00:00")
    assert entry["author"][0]["properties"]["name"] == ["Ann Author"]
    assert entry["content"][0]["value"].startswith("First paragraph.")
    assert entry["category"] == ["Networking", "Art", "one", "two", "three"]


def test_microformats_tell_every_response_with_its_parent(entry: dict[str, Any]) -> None:
    found = {}
    for cite in entry["comment"]:
        assert cite["type"] == ["h-cite"]
        properties = cite["properties"]
        (author,) = properties["author"]
        (url,) = properties["url"]
        assert "comment" not in properties
        assert properties["content"][0]["value"].strip().startswith("Words of")
        found[url.removeprefix(f"{URL}#comment-")] = (
            author["properties"]["name"][0],
            properties["published"][0].removesuffix("+0000"),
            properties["in-reply-to"][0],
        )
    assert found == RESPONSES


def test_microdata_tells_the_post(posting: Any) -> None:  # noqa: ANN401
    assert posting.headline == SAID
    assert str(posting.url) == URL
    assert posting.datePublished == "2025-12-01T10:00:00+00:00"
    assert posting.dateModified == "2026-02-03T10:00:00+00:00"
    assert posting.author.name == "Ann Author"
    assert posting.get_all("articleSection") == ["Networking", "Art"]
    assert posting.get_all("keywords") == ["one", "two", "three"]
    assert posting.commentCount == "4"


def test_microdata_tells_every_response_with_its_parent(posting: Any) -> None:  # noqa: ANN401
    found = {}
    for comment in posting.get_all("comment"):
        assert str(comment.itemtype[0]) == "https://schema.org/Comment"
        assert str(comment.itemid) == str(comment.url)
        assert comment.text.strip().startswith("Words of")
        found[str(comment.url).removeprefix(f"{URL}#comment-")] = (
            comment.author.name,
            comment.datePublished.removesuffix("+00:00"),
            str(comment.parentItem or URL),
        )
    assert found == RESPONSES


@pytest.mark.parametrize(
    "path",
    ["index.html", "category/art/index.html", "tag/one/index.html", "archives/2026/index.html"],
)
def test_lists_are_feeds_of_entries(blog: Build, path: str) -> None:
    assert "DEFAULT_PAGINATION = 3" in SETTINGS
    feed = mf2py.parse(doc=blog.read(path), url=f"https://blog.example/{path}")["items"][0]
    assert feed["type"] == ["h-feed"]
    assert feed["properties"]["name"]
    for item in feed["children"]:
        assert item["type"] == ["h-entry"]
        assert {"name", "url", "published", "author", "summary"} <= set(item["properties"])
