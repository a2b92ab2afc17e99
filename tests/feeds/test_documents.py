"""All files of a feed."""

from feeds.documents import documents
from tests.feeds.strategies import plain_feed, plain_item


def test_every_part_comes_in_every_format() -> None:
    feed = plain_feed(*(plain_item(n) for n in range(3, 0, -1)))
    assert [path for path, _ in documents(feed, 1, 2)] == [
        "feeds/all.rss.xml",
        "feeds/all.atom.xml",
        "feeds/all.json",
        "feeds/all.archive-1-2.rss.xml",
        "feeds/all.archive-1-2.atom.xml",
        "feeds/all.archive-1-2.json",
    ]


def test_nothing_is_rendered_before_it_is_asked_for() -> None:
    broken = plain_item(1, published="no date")
    files = documents(plain_feed(plain_item(2), broken), 1, 1)
    assert "Post 2" in next(files)[1]
