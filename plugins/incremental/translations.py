"""Pelican's way of finding translations, at a cost that grows with the posts, not their square.

Pelican asks for every post of the site whether it is in the list of those that are no
translations. Here it is asked for no more than the posts of one name at a time.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import attrgetter

from pelican import generators
from pelican.contents import Content

Divided = tuple[list[Content], list[Content]]
Usual = Callable[[list[Content], str | Collection[str] | None], Divided]


@contextmanager
def found_by_name() -> Iterator[None]:
    """Have Pelican's generators find translations so meanwhile; they offer no other way."""
    usual = generators.process_translations
    generators.process_translations = partial(divide, usual)
    try:
        yield
    finally:
        generators.process_translations = usual


def divide(
    usual: Usual, contents: list[Content], translation_id: str | Collection[str] | None = None
) -> Divided:
    """Return the contents that are no translations, and those that are, as ``usual`` does."""
    if not translation_id:
        return usual(contents, translation_id)
    try:
        names = {translation_id} if isinstance(translation_id, str) else translation_id
        name = attrgetter(*names)
        contents.sort(key=name)
    except (AttributeError, TypeError):
        return usual(contents, translation_id)  # which says what is wrong
    originals: list[Content] = []
    translations: list[Content] = []
    for _, group in groupby(contents, name):
        found = _divided(usual, list(group), translation_id)
        originals += found[0]
        translations += found[1]
    return originals, translations


def _divided(usual: Usual, group: list[Content], translation_id: str | Collection[str]) -> Divided:
    if len(group) > 1 or "translation" in group[0].metadata:
        return usual(group, translation_id)
    group[0].translations = []
    return group, []
