"""JSON Feed 1.1."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given

from feeds.archive import split
from feeds.jsonfeed import render
from feeds.model import Answered, Category, Enclosure, Feed, Format, Item, Person, Replies
from tests.feeds.strategies import FEEDS, hostile_feed, plain_feed, plain_item
from tests.feeds.validity import json_faults

# Harmless in JSON, but no reader shows them; surrogates cannot even be written to a file.
CONTROL = re.compile(r"[\x7f-\x9f\ud800-\udfff\ufffe\uffff]|(?<!\\)\\u00[01]")


def rendered(feed: Feed, newest: int = 20, each: int = 100) -> list[str]:
    return [render(part) for part in split(feed, newest, each)]


def read_item(item: Item) -> dict[str, Any]:
    (text,) = rendered(plain_feed(item))
    assert json_faults(text) == []
    found: dict[str, Any] = json.loads(text)["items"][0]
    return found


@given(FEEDS)
@example(hostile_feed())
@example(hostile_feed("\x00"))
def test_any_feed_is_valid_and_the_same_each_time(feed: Feed) -> None:
    texts = rendered(feed, 2, 1)
    assert [json_faults(text) for text in texts] == [[] for _ in texts]
    assert texts == rendered(feed, 2, 1)
    assert [text for text in texts if CONTROL.search(text)] == []


def test_an_item_holds_what_its_post_has() -> None:
    item = plain_item(
        content="<p>Grüße</p>",
        authors=(Person("Ann", "https://x.example/é"), Person("Bob", "javascript:x"), Person("")),
        categories=(Category("Business/Networking", "n", "https://x.example/"),),
        language="en_GB",
        updated=datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert read_item(item) == {
        "id": "tag:blog.example,2026-01-01:/1/",
        "url": "https://blog.example/1/",
        "title": "Post 1",
        "content_html": "<p>Grüße</p>",
        "summary": "Text 1",
        "date_published": "2026-01-01T01:00:00Z",
        "date_modified": "2027-01-01T00:00:00Z",
        "authors": [{"name": "Ann", "url": "https://x.example/%C3%A9"}, {"name": "Bob"}],
        "tags": ["Business/Networking"],
        "language": "en-GB",
    }


def test_an_item_brings_all_its_files_along() -> None:
    one = Enclosure("https://x.example/é.mp3", "audio/mpeg", 12)
    other = Enclosure("https://x.example/b", "video/mp4", None)
    assert read_item(plain_item(enclosures=(one, other)))["attachments"] == [
        {"url": "https://x.example/%C3%A9.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12},
        {"url": "https://x.example/b", "mime_type": "video/mp4"},
    ]


def test_an_item_without_full_text_holds_its_summary() -> None:
    item = read_item(plain_item(content=None, summary="Less"))
    assert (item["content_text"], item["summary"]) == ("Less", "Less")


def test_an_item_without_any_text_is_valid_still() -> None:
    assert read_item(plain_item(content="", summary=""))["content_html"] == ""
    assert read_item(plain_item(content=None, summary=""))["content_text"] == ""


def test_an_item_tells_of_its_responses_and_of_what_it_answers() -> None:
    replies = Replies(
        0,
        "https://blog.example/1/#comments",
        {Format.JSON: "https://blog.example/1/comments.json"},
        datetime(2026, 2, 3, tzinfo=UTC),
    )
    item = read_item(plain_item(replies=replies, answered=Answered("tag:x", "https://x.example/")))
    assert item["_responses"] == {
        "about": "https://www.rfc-editor.org/rfc/rfc4685",
        "count": 0,
        "url": "https://blog.example/1/#comments",
        "feed_urls": {"json": "https://blog.example/1/comments.json"},
        "date_modified": "2026-02-03T00:00:00Z",
    }
    assert item["_in_reply_to"] == {
        "about": "https://www.rfc-editor.org/rfc/rfc4685",
        "id": "tag:x",
        "url": "https://x.example/",
    }


def test_a_long_feed_goes_on_at_the_next_address() -> None:
    feed = plain_feed(*(plain_item(n) for n in range(5, 0, -1)))
    documents = [json.loads(text) for text in rendered(feed, 1, 3)]
    start = "https://blog.example/feeds/all"
    assert [(each["feed_url"], each.get("next_url")) for each in documents] == [
        (f"{start}.json", f"{start}.archive-4-4.json"),
        (f"{start}.archive-4-4.json", f"{start}.archive-1-3.json"),
        (f"{start}.archive-1-3.json", None),
    ]


def test_an_empty_feed_says_that_it_has_no_items() -> None:
    (text,) = rendered(plain_feed())
    assert json.loads(text) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "A Blog",
        "home_page_url": "https://blog.example/",
        "feed_url": "https://blog.example/feeds/all.json",
        "description": "About things",
        "language": "en",
        "items": [],
    }
