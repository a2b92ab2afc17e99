"""Posts and pages that are Pelican's own, and cost less.

What Pelican remembers of a text it remembers for ever, for all texts in one place, and what it
makes of one's address it makes anew each time somebody asks. Here both go by the object. The
text itself may lie elsewhere until it is wanted.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from string import Formatter
from types import FunctionType, GetSetDescriptorType
from typing import Any, Final

from pelican import contents
from pelican.readers import Readers
from pelican.utils import SafeDatetime, memoized, path_to_url

from incremental.values import ATOMS

# What stays what it is as long as it is the same object.
_STEADY: Final = ATOMS | {datetime, SafeDatetime}
_NAME: Final = re.compile(r"\w+")


class PerObject(memoized):
    """Remembers what a method returned, as Pelican does, but no longer than its object lives.

    A method that returns a function has that asked each time, and nothing kept.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._place = f"_incremental_{name}"

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401  # the method's
        one, *others = arguments
        kept: dict[tuple[Any, ...], Any] = one.__dict__.setdefault(self._place, {})
        key = tuple(others)
        if key not in kept:
            kept[key] = self.func(*arguments)
        value = kept[key]
        return value() if callable(value) else value

    def __get__(self, one: Any, kind: type) -> Any:  # noqa: ANN401  # the method
        return self if one is None else partial(self.__call__, one)


class _Content(contents.Content):
    """What posts and pages have in common."""

    _incremental_links: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any value
        """Return the text, where it lies elsewhere; whatever else is missing is missing."""
        if name == "_content" and (load := vars(self).get("_incremental_text")):
            return load()
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @PerObject
    def get_content(self, siteurl: str) -> str | Callable[[], str]:
        """Return the text as a page shows it for which the site's address is ``siteurl``."""
        if self._is_finished() and not hasattr(self, "_get_content"):
            load: Callable[[], str] = vars(self)["_incremental_text"]
            return load
        return str(vars(contents.Content)["get_content"].func(self, siteurl))

    get_summary = PerObject(vars(contents.Content)["get_summary"].func)

    def get_static_links(self) -> set[str]:
        return set() if self._is_finished() else super().get_static_links()

    def get_relative_source_path(self, source_path: str | None = None) -> str | None:
        known, place = vars(self).get("_incremental_place", (None, None))
        if known and (source_path or self.source_path) is known:
            return str(place)
        found: str | None = super().get_relative_source_path(source_path)
        return found

    def _is_finished(self) -> bool:
        """Whether the text is as it was parsed, and there is nothing in it to be replaced."""
        own = vars(self)
        return "_incremental_text" in own and "_content" not in own and not self._incremental_links

    def _expand_settings(self, key: str, klass: str | None = None) -> str:
        pattern = str(self.settings[f"{klass or self._klass()}_{key}".upper()])
        fields = _fields(pattern)
        try:
            values = [
                _FIELDS[name](self) if name in _FIELDS else self.metadata[name] for name in fields
            ]
        except KeyError:
            # Whatever Pelican makes of it.
            return str(pattern.format(**self.url_format))
        kept: dict[str, Any] = self.__dict__.setdefault("_incremental_addresses", {})
        known, address = kept.get(pattern, (None, ""))
        if known is not None and all(map(_is_same, known, values)):
            return str(address)
        address = pattern.format(**dict(zip(fields, values, strict=True)))
        kept[pattern] = values, address
        return address

    def _klass(self) -> str:
        return type(self).__name__


def _slug_of(name: str) -> Callable[[Any], str]:
    return lambda content: getattr(content, name).slug if hasattr(content, name) else ""


# What Pelican's patterns of addresses are filled with, besides metadata. What raises KeyError is
# not there, or not the same at each time.
_FIELDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "path": lambda content: path_to_url(
        content.metadata.get("path", content.get_relative_source_path())
    ),
    "slug": lambda content: getattr(content, "slug", ""),
    "lang": lambda content: getattr(content, "lang", "en"),
    "date": lambda content: vars(content)["date"],
    "author": _slug_of("author"),
    "category": _slug_of("category"),
}


class Article(_Content, contents.Article):
    """A post."""

    def _klass(self) -> str:
        return "draft" if self.status == "draft" else "article"


class Page(_Content, contents.Page):
    """A page."""

    def _klass(self) -> str:
        return "draft_page" if self.status == "draft" else "page"


OURS: Final = {contents.Article: Article, contents.Page: Page}


def are_untouched() -> bool:
    """Whether nobody has put methods of their own into Pelican's classes."""
    kinds = (contents.Content, contents.Article, contents.Page, Readers)
    return all(_is_pelicans(each) for kind in kinds for each in vars(kind).values())


def _is_pelicans(member: object) -> bool:
    for wrapped in ("fget", "func", "__func__"):
        member = getattr(member, wrapped, None) or member
    if isinstance(member, FunctionType):
        return member.__module__.startswith("pelican.")
    return isinstance(member, GetSetDescriptorType) or not hasattr(member, "__get__")


def _is_same(one: object, other: object) -> bool:
    """Whether two values come out the same wherever they are put."""
    kind = type(one)
    if kind is str:
        return type(other) is str and one == other
    return one is other and kind in _STEADY


@cache
def _fields(pattern: str) -> tuple[str, ...]:
    """The names in a pattern of an address: ``{date:%Y}/{slug}/`` has two."""
    found: dict[str, None] = {}
    for _, name, specification, _ in Formatter().parse(pattern):
        if name is not None and (match := _NAME.match(name)):
            found[match[0]] = None
        found.update(dict.fromkeys(_fields(specification or "")))
    return tuple(found)
