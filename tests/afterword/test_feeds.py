"""Feeds of responses: which files there are, and what they are made from."""

import json
from dataclasses import replace

from afterword.feeds import ARCHIVE_ITEMS, Publication, jobs
from afterword.model import Comment
from afterword.render import Overview
from tests.afterword.test_render import comment, responses

SITE = Publication("https://blog.example", "A Blog", "en")


def overview(*comments: Comment) -> Overview:
    one = responses(*comments)
    return Overview(one._renderer, (one,))


def inputs(of: Overview, newest: int = 20) -> dict[str, bytes]:
    return {job.path: job.inputs for job in jobs(of, SITE, newest)}


def texts(of: Overview, newest: int) -> dict[str, str]:
    return {job.path: job.make() for job in jobs(of, SITE, newest)}


def test_the_site_and_each_entry_have_a_feed_in_every_format() -> None:
    assert list(inputs(overview(comment("1")))) == [
        f"{stem}.{suffix}"
        for stem in ("feeds/comments", "e/comments")
        for suffix in ("rss.xml", "atom.xml", "json")
    ]


def test_a_long_feed_goes_on_in_its_archive() -> None:
    many = overview(*(comment(str(number)) for number in range(ARCHIVE_ITEMS + 3)))
    files = texts(many, 2)
    for stem in ("feeds/comments", "e/comments"):
        suffixes = ("", ".archive-101-101", ".archive-1-100")
        feeds = [json.loads(files[f"{stem}{suffix}.json"]) for suffix in suffixes]
        assert [len(feed["items"]) for feed in feeds] == [2, 1, ARCHIVE_ITEMS]
        assert [feed["feed_url"].rpartition("/")[2] for feed in feeds] == [
            f"comments{suffix}.json" for suffix in suffixes
        ]


def test_a_response_says_what_it_answers_and_who_wrote_it() -> None:
    files = texts(overview(comment("1"), comment("2", "1", body="*Yes* <b>")), 9)
    item, _ = json.loads(files["e/comments.json"])["items"]
    assert item == {
        "id": "g#comment-2",
        "content_html": "<p><em>Yes</em> &lt;b&gt;</p>\n",
        "url": "https://blog.example/e/#comment-2",
        "title": "By: Dave",
        "summary": "Yes <b>",
        "date_published": "2020-01-01T02:00:00Z",
        "date_modified": "2020-01-01T02:00:00Z",
        "authors": [{"name": "Dave"}],
        "_in_reply_to": {
            "about": "https://www.rfc-editor.org/rfc/rfc4685",
            "id": "g#comment-1",
            "url": "https://blog.example/e/#comment-1",
        },
    }
    item, _ = json.loads(files["feeds/comments.json"])["items"]
    assert item["title"] == "Comment on A & B by Dave"


def test_feeds_are_as_they_were_while_the_responses_are() -> None:
    before = inputs(overview(comment("1")))
    assert before == inputs(overview(comment("1")))
    assert b"" not in before.values()
    for other in (
        inputs(overview(comment("1"), comment("2"))),
        inputs(overview(comment("1", body="Other."))),
    ):
        assert before.keys() == other.keys()
        assert before.items().isdisjoint(other.items())


def test_a_feed_changes_with_what_the_site_is_called() -> None:
    one = overview(comment("1"))
    other = {job.path: job.inputs for job in jobs(one, replace(SITE, name="B"), 20)}
    assert inputs(one).items().isdisjoint(other.items())
