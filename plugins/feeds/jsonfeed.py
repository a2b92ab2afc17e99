"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterable
from typing import Final

from feeds.addresses import language_tag, uri
from feeds.archive import Part
from feeds.characters import speakable
from feeds.dates import rfc3339
from feeds.model import Answered, Enclosure, Format, Item, Person, Replies
from feeds.written import Written

VERSION: Final = "https://jsonfeed.org/version/1.1"
# What our own keys, which begin with an underscore, mean: the same as the elements of Atom.
_ABOUT: Final = "https://www.rfc-editor.org/rfc/rfc4685"

# Makes JSON of one text.
_json: Final = json.JSONEncoder(ensure_ascii=False).encode


def render(part: Part, items: Iterable[str] | None = None) -> str:
    """Return one document of a feed as JSON text; ``items`` are its own if they are written."""
    feed = part.feed
    head = _object(
        version=_json(VERSION),
        title=_text(feed.title) or _json(uri(feed.page)),
        home_page_url=_json(uri(feed.page)),
        feed_url=_json(feed.url(Format.JSON, part.path)),
        description=_text(feed.description),
        next_url=_json(feed.url(Format.JSON, part.older)) if part.older else "",
        language=_text(language_tag(feed.language)),
        authors=_people(feed.authors),
    )
    texts = map("".join, map(write, part.items)) if items is None else items
    # One item a line: to be read and compared.
    lines = ",\n".join(texts)
    return f'{head[:-1]}, "items": [\n{lines}\n]}}\n'


def write(item: Item) -> Written:
    """Return an item."""
    # The format wants one content or the other in every item, be it empty.
    content = item.summary if item.content is None else item.content
    kind = "content_text" if item.content is None else "content_html"
    around = _object(
        url=_text(uri(item.url)),
        title=_text(item.title),
        summary=_text(item.summary),
        date_published=_json(rfc3339(item.published)),
        date_modified=_json(rfc3339(item.updated)),
        authors=_people(item.authors),
        tags=_list(_text(each.name) for each in item.categories),
        language=_text(language_tag(item.language)),
        attachments=_list(map(_attachment, item.enclosures)),
    )
    inside = f'"id": {_json(speakable(item.id))}, "{kind}": {_json(speakable(content))}'
    after = f', "_in_reply_to": {_answered(item.answered)}}}' if item.answered else "}"
    return Written(f"{{{inside}, {around[1:-1]}", replies(item.replies), after)


def replies(of: Replies | None) -> str:
    """Return what an item says of its responses."""
    if not of:
        return ""
    feeds = {str(form): _text(uri(address)) for form, address in of.feeds.items()}
    about = _object(
        about=_json(_ABOUT),
        count=str(of.count),
        url=_text(uri(of.page)),
        feed_urls=_object(**feeds),
        date_modified=_json(rfc3339(of.updated)) if of.updated else "",
    )
    return f', "_responses": {about}'


def _attachment(of: Enclosure) -> str:
    return _object(
        url=_text(uri(of.url)),
        mime_type=_text(of.type),
        size_in_bytes="" if of.length is None else str(of.length),
    )


def _answered(answered: Answered) -> str:
    name, place = speakable(answered.id), uri(answered.url)
    return _object(about=_json(_ABOUT), id=_json(name), url=_json(place))


def _people(authors: Iterable[Person]) -> str:
    return _list(_object(name=_text(each.name), url=_text(each.page)) for each in authors)


def _text(text: str | None) -> str:
    """A text as JSON, without what a feed cannot hold; nothing if nothing is left."""
    left = speakable(text) if text else ""
    return _json(left) if left else ""


def _object(**values: str) -> str:
    """An object of values that are JSON already, without those that are empty."""
    pairs = ", ".join([f'"{name}": {value}' for name, value in values.items() if value])
    return f"{{{pairs}}}" if pairs else ""


def _list(values: Iterable[str]) -> str:
    """A list of values that are JSON already, without those that are empty."""
    listed = ", ".join(filter(None, values))
    return f"[{listed}]" if listed else ""
