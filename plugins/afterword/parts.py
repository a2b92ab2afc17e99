"""The parts of pages and feeds that are made of responses, each by itself.

A build marks them where it puts them, and ``splice`` makes them anew without the rest of the
page: both by what stands here.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from afterword.render import Newest, Renderer, Responses
from feeds import replies

# What stands for the newest responses of the site where others have an entry's key. No entry
# can have it.
NEWEST: Final = "."
# A page can show so many of them.
MOST: Final = 50


class Part(StrEnum):
    """What a part is: the kind of its fragment."""

    THREAD = "thread"
    COUNT = "count"
    CHANGED = "changed"
    IDS = "ids"
    RECENT = "recent"


def version_of_newest(newest: Newest, renderer: Renderer) -> bytes:
    """Return bytes that differ if a part made of the newest responses could."""
    return renderer.templates + newest[:MOST].fingerprint()


def of_newest(part: str, newest: Newest, renderer: Renderer, limit: str) -> str:
    """Return a part that is made of the newest responses. Raises ValueError for another part."""
    if part != Part.RECENT:
        raise ValueError(part)
    return newest[: min(int(limit), MOST)].recent(renderer)


def of_entry(part: str, responses: Responses, argument: str = "") -> str:
    """Return a part that is made of one entry's responses. Raises ValueError for another part.

    ``argument`` is what its place needs to know: for CHANGED the moment (ISO 8601) at which the
    post itself last changed. What feeds of posts say of responses is theirs to make.
    """
    if make := _OF_ENTRY.get(part):
        return make(responses, argument)
    text = replies.anew(part, argument, responses.total, responses.updated) if argument else ""
    return text if responses.feeds else ""


def _changed(responses: Responses, floor: str) -> str:
    known = [datetime.fromisoformat(floor)] if floor else []
    latest = max([*known, *filter(None, [responses.updated])], default=None)
    return latest.isoformat() if latest else ""


def _ids(responses: Responses, _: str) -> str:
    return json.dumps([answer.id for answer in responses.conversation.answers])


_OF_ENTRY: Final[Mapping[str, Callable[[Responses, str], str]]] = {
    Part.THREAD: lambda responses, _: responses.html,
    Part.COUNT: lambda responses, _: responses.count_html,
    Part.CHANGED: _changed,
    Part.IDS: _ids,
}
