"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Any, Final

from feeds.archive import Part, archive_path
from feeds.model import Answered, Feed, Format, Item, Person, Replies
from feeds.xml import rfc3339

VERSION: Final = "https://jsonfeed.org/version/1.1"


def render(feed: Feed, part: Part) -> str:
    """Return one document of a feed as JSON text."""

    def address(number: int | None) -> str:
        return feed.url(Format.JSON, archive_path(feed.path, number))

    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": address(part.number),
        "description": feed.description,
        "next_url": address(part.older) if part.older else None,
        "language": feed.language,
        "authors": _people(feed.authors),
        "items": [_item(item) for item in part.items],
    }
    return json.dumps(_without_nothing(document), ensure_ascii=False, indent=1) + "\n"


def _item(item: Item) -> dict[str, Any]:
    return _without_nothing(
        {
            "id": item.id,
            "url": item.url,
            "title": item.title,
            "content_html": item.content,
            # The format wants one content or the other in every item.
            "content_text": item.summary if item.content is None else None,
            "summary": item.summary,
            "date_published": rfc3339(item.published),
            "date_modified": rfc3339(item.updated),
            "authors": _people(item.authors),
            "tags": [category.name for category in item.categories],
            "language": item.language,
            "_responses": _replies(item.replies) if item.replies else None,
            "_in_reply_to": _answered(item.answered) if item.answered else None,
        }
    )


def _people(authors: tuple[Person, ...]) -> list[dict[str, str]]:
    return [_without_nothing({"name": author.name, "url": author.url}) for author in authors]


def _replies(replies: Replies) -> dict[str, Any]:
    return _without_nothing(
        {
            "count": replies.count,
            "url": replies.page,
            "feed_url": replies.feeds.get(Format.JSON),
            "date_modified": rfc3339(replies.updated) if replies.updated else None,
        }
    )


def _answered(answered: Answered) -> dict[str, str]:
    return {"id": answered.id, "url": answered.url}


def _without_nothing(pairs: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is absent; an empty list of items is not."""
    return {
        key: value for key, value in pairs.items() if key == "items" or value not in (None, "", [])
    }
