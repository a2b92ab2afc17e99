"""Who wrote a post: whoever it belongs to, or those that a plugin for several authors names.

That plugin, Co-Authors Plus, files posts under authors as under categories, and keeps those who
have no account as posts of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from afterword.importers.wxr.postmeta import value
from afterword.importers.wxr.records import Author, Item

TAXONOMY: Final = "author"
GUEST: Final = "guest-author"
_MARK: Final = "cap-"

Writers = Mapping[str, Author]
"""Authors by their logins."""


def guest(item: Item) -> Author:
    """Return the author that an item of the type for guests stands for."""
    login = value(item.meta, f"{_MARK}user_login") or item.slug.removeprefix(_MARK)
    name = value(item.meta, f"{_MARK}display_name") or item.title
    return Author("", login, "", name or login)


def names(item: Item, writers: Writers) -> Sequence[str]:
    """Return the names that readers see above a post, as HTML."""
    labels = [each for each in item.labels if each.taxonomy == TAXONOMY]
    if not labels:
        return [_name([item.creator], writers)]
    return [_name([each.name, each.slug.removeprefix(_MARK)], writers) for each in labels]


def logins(item: Item, writers: Writers) -> Iterator[tuple[str, str]]:
    """Yield the logins of those, and what addresses call them if that is known, else nothing."""
    labels = [each for each in item.labels if each.taxonomy == TAXONOMY]
    for each in labels:
        folder = each.slug.removeprefix(_MARK)
        yield (each.name if each.name in writers else folder), folder
    if not labels:
        yield item.creator, ""


def _name(logins: Sequence[str], writers: Writers) -> str:
    known = (writers[each].name for each in logins if each in writers)
    return next(known, next(filter(None, logins), ""))
