"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Any, Final

from feeds.addresses import language_tag, uri
from feeds.archive import Part
from feeds.characters import speakable
from feeds.dates import rfc3339
from feeds.model import Answered, Format, Item, Person, Replies

VERSION: Final = "https://jsonfeed.org/version/1.1"
# What our own keys, which begin with an underscore, mean: the same as the elements of Atom.
_ABOUT: Final = "https://www.rfc-editor.org/rfc/rfc4685"


def render(part: Part) -> str:
    """Return one document of a feed as JSON text."""
    feed = part.feed
    head = {
        "version": VERSION,
        "title": speakable(feed.title) or uri(feed.page),
        "home_page_url": uri(feed.page),
        "feed_url": feed.url(Format.JSON, part.path),
        "description": feed.description,
        "next_url": feed.url(Format.JSON, part.older) if part.older else None,
        "language": language_tag(feed.language),
        "authors": _people(feed.authors),
    }
    # One item a line: as fast as json can, and still to be read and compared.
    items = ",\n".join(_dump(_item(item)) for item in part.items)
    return f'{_dump(_present(head))[:-1]}, "items": [\n{items}\n]}}\n'


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _item(item: Item) -> dict[str, Any]:
    # The format wants one content or the other in every item, be it empty.
    content = (
        {"content_text": speakable(item.summary)}
        if item.content is None
        else {"content_html": speakable(item.content)}
    )
    around = {
        "url": uri(item.url),
        "title": item.title,
        "summary": item.summary,
        "date_published": rfc3339(item.published),
        "date_modified": rfc3339(item.updated),
        "authors": _people(item.authors),
        "tags": [name for each in item.categories if (name := speakable(each.name))],
        "language": language_tag(item.language),
        "_responses": _replies(item.replies) if item.replies else None,
        "_in_reply_to": _answered(item.answered) if item.answered else None,
    }
    return {"id": speakable(item.id), **content, **_present(around)}


def _people(authors: tuple[Person, ...]) -> list[dict[str, Any]]:
    people = (_present({"name": author.name, "url": author.page}) for author in authors)
    return [person for person in people if person]


def _replies(replies: Replies) -> dict[str, Any]:
    return _present(
        {
            "about": _ABOUT,
            "count": replies.count,
            "url": uri(replies.page),
            "feed_urls": {str(form): uri(address) for form, address in replies.feeds.items()},
            "date_modified": rfc3339(replies.updated) if replies.updated else None,
        }
    )


def _answered(answered: Answered) -> dict[str, Any]:
    return {"about": _ABOUT, "id": speakable(answered.id), "url": uri(answered.url)}


def _present(pairs: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is absent."""
    clean = ((key, speakable(v) if isinstance(v, str) else v) for key, v in pairs.items())
    return {key: value for key, value in clean if value not in (None, "", [], {})}
