"""What an item of a feed says of its responses: the part of it that changes without the post.

Whoever keeps the documents can have it made anew by itself, from what was marked with it and
from what has changed.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Final

from feeds import atom, jsonfeed, rss
from feeds.model import Format, Item, Replies
from feeds.written import Written

# Takes a kind, a key, a text and an argument; returns the text so that it can be found again.
Mark = Callable[[str, str, str, str], str]

_WRITERS: Final = {
    Format.RSS: rss.replies,
    Format.ATOM: atom.replies,
    Format.JSON: jsonfeed.replies,
}
_KINDS: Final = {form: f"feed-{form}" for form in Format}


def unmarked(kind: str, key: str, text: str, argument: str) -> str:  # noqa: ARG001  # a mark's
    """Return the text as it is: where nobody will ask for it anew."""
    return text


def marked(written: Written, item: Item, form: Format, mark: Mark) -> Written:
    """Return an item with a mark on what it says of its responses."""
    argument = _argument(item.replies) if item.replies else ""
    text = mark(_KINDS[form], item.thread, written.replies, argument)
    return written._replace(replies=str(text))


def anew(kind: str, argument: str, count: int, updated: datetime | None) -> str:
    """Return what was marked under a kind, for another number of responses.

    Raises ValueError for a kind that is none of ours.
    """
    form = Format(kind.removeprefix("feed-"))
    page, feeds = json.loads(argument)
    return _WRITERS[form](Replies(count, page, feeds, updated))


def _argument(replies: Replies) -> str:
    return json.dumps([replies.page, replies.feeds], ensure_ascii=False)
