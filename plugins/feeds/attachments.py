"""The files that posts and pages bring along in feeds, found among those that Pelican copies."""

import logging
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from feeds.enclosures import Named, lines, named
from feeds.model import Enclosure

log: Final = logging.getLogger(__name__)

_LINE: Final = "enclosure"
_POSTS: Final = (
    *("articles", "translations", "hidden_articles", "hidden_translations"),
    *("drafts", "drafts_translations"),
)
_PAGES: Final = (
    *("pages", "translations", "hidden_pages", "hidden_translations"),
    *("draft_pages", "draft_translations"),
)


def ask_for(generator: Any) -> None:  # noqa: ANN401  # a generator of Pelican's
    """Have Pelican copy the files that posts or pages name, as it does with those they link to."""
    for content in _contents(generator):
        for line in lines(content.metadata[_LINE]):
            try:
                places = list(_places(content, named(line)))
            except ValueError:
                continue  # it is spoken of when it is attached
            there = (each for each in places if Path(generator.path, each).is_file())
            generator.context["static_links"].update(list(there)[:1])


def attach(generators: Iterable[Any]) -> None:
    """Set ``enclosures`` of posts and pages that name some, and warn of what names no file."""
    for generator in generators:
        for content in _contents(generator):
            content.enclosures = list(_enclosures(content, generator.context["static_content"]))


def _contents(generator: Any) -> Iterator[Any]:  # noqa: ANN401
    """The posts or pages that have a line to look at."""
    names = _POSTS if hasattr(generator, "articles") else _PAGES
    every = chain.from_iterable(getattr(generator, name, ()) for name in names)
    return (content for content in every if content.metadata.get(_LINE))


def _enclosures(content: Any, files: Mapping[str, Any]) -> Iterator[Enclosure]:  # noqa: ANN401
    for line in lines(content.metadata[_LINE]):
        try:
            yield _enclosure(content, named(line), files)
        except (ValueError, OSError) as error:
            log.warning("%s: enclosure %r is left out: %s", content, line, error)


def _enclosure(content: Any, found: Named, files: Mapping[str, Any]) -> Enclosure:  # noqa: ANN401
    """Raises ValueError for a file of the site that there is not, and OSError as its file does."""
    if not found.how:
        return found.enclosure(found.address, found.length)
    static = next(filter(None, map(files.get, _places(content, found))), None)
    if static is None:
        raise ValueError("there is no such file")
    if found.how == "attach":
        static.attach_to(content)
    return found.enclosure(quote(static.url), Path(static.source_path).stat().st_size)


def _places(content: Any, found: Named) -> Iterator[str]:  # noqa: ANN401
    """Where a file of the site may lie below its content: at an address, or at it unquoted."""
    for each in dict.fromkeys((found.address, unquote(found.address)) if found.how else ()):
        beside = "" if each.startswith("/") else posixpath.dirname(content.relative_source_path)
        place = posixpath.normpath(posixpath.join(beside, each.lstrip("/")))
        if not place.startswith("../") and "\0" not in place:
            yield place
