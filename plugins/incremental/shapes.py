"""What a value looks like to a template, as bytes that are the same in every process.

Plain values are told by what they are, containers by what they hold. A post, page or other
subject is told by its name alone: what a template reads of it is told by itself.
"""

import hashlib
import types
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, tzinfo
from enum import Enum
from pathlib import PurePath
from typing import Any, Final, Protocol, runtime_checkable

from jinja2 import Undefined
from jinja2.utils import missing
from pelican.contents import Content
from pelican.paginator import Page as PaginatorPage
from pelican.paginator import Paginator
from pelican.urlwrappers import Author, Category, Tag, URLWrapper
from pelican.utils import memoized

_PLAIN: Final = frozenset({type(None), bool, int, float, bytes, complex})
_FLAT: Final = frozenset({Author, Category, Tag})
_FLAT_FIELDS: Final = frozenset({"settings", "_name", "_slug", "_slug_from_name", "name", "slug"})
_CODE: Final = (type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)
_LONG: Final = 16


class Opaque(Exception):  # a finding, not a fault
    """A value that nobody can look into; ``what`` says what it is."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@runtime_checkable
class Fingerprinted(Protocol):
    """A plugin's own object that says what it looks like."""

    def fingerprint(self) -> bytes:
        """Return bytes that differ if a template could see a difference."""


class Shapes:
    """The shapes of one build's values.

    Long lists and the names of texts are looked at once; what is held here keeps its identity.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._known: dict[int, tuple[object, str]] = {}
        # Every subject whose attributes may be read, by its name; None where two share one.
        self.subjects: dict[str, Any] = {}

    def of(self, value: object) -> str:
        """Return the shape. Raises Opaque for what has none."""
        kind = type(value)
        if kind is str:
            return repr(value)
        if kind in _PLAIN:
            return f"{kind.__name__}:{value!r}"
        known = self._known.get(id(value))
        if known and known[0] is value:
            return known[1]
        return self._special(value)

    def digest(self, values: Iterable[object]) -> bytes:
        """Return what tells these values from others, in few bytes. Raises Opaque as ``of``."""
        return digest_of("\0".join(map(self.of, values)))

    def _special(self, value: Any) -> str:  # noqa: ANN401, PLR0911  # one answer a kind
        if value is self._settings:
            return "settings"
        if isinstance(value, URLWrapper | Content):
            name = self.name_of(value)
            if isinstance(value, Content):
                self._known[id(value)] = (value, name)
            return name
        if isinstance(value, list | tuple | AbstractSet | Mapping):
            return self._container(value)
        if isinstance(value, str):
            return f"{type(value).__name__}:{str.__str__(value)!r}"
        if isinstance(value, datetime | date | time):
            return f"{type(value).__name__}:{value.isoformat()} {getattr(value, 'tzinfo', None)}"
        if isinstance(value, Enum | PurePath | tzinfo):
            return f"{type(value).__name__}:{value}"
        return self._odd(value)

    def _odd(self, value: Any) -> str:  # noqa: ANN401, PLR0911  # one answer a kind
        if value is missing or isinstance(value, Undefined):
            return "missing"
        if isinstance(value, _CODE):
            return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', value)}"
        if isinstance(value, types.MethodType) and isinstance(value.__self__, PaginatorPage):
            page, of = value.__self__, value.__self__.paginator
            return (
                f"{value.__func__.__name__} {page.number} {of.num_pages} {of.count} {of.per_page}"
            )
        if isinstance(value, types.MethodType):
            return f"{self.of(value.__self__)}.{value.__func__.__qualname__}"
        if isinstance(value, Fingerprinted):
            return f"{type(value).__name__}:{value.fingerprint().hex()}"
        if isinstance(value, PaginatorPage):
            shown, of = f"{value.full_name!r} {value.base_url!r} {value.number}", value.paginator
            total = f"{of.num_pages} {of.count} {of.per_page}"
            return f"Page:{shown} of {total}: {self.of(value.object_list)}"
        if isinstance(value, Paginator):
            shown = f"{value.name!r} {value.url!r} {value.per_page}"
            return f"Paginator:{shown}: {self.of(value.object_list)}"
        if (subject := remembered_call(value)) is not None:
            return f"{self.name_of(subject)}()"
        raise Opaque(f"a {type(value).__module__}.{type(value).__qualname__}")

    def _container(self, value: Any) -> str:  # noqa: ANN401  # any container
        shape = self._shape_of_container(value)
        if isinstance(value, list | dict) and len(value) > _LONG:
            shape = digest_of(shape).hex()
            self._known[id(value)] = (value, shape)
        return shape

    def _shape_of_container(self, value: Any) -> str:  # noqa: ANN401  # any container
        kind = type(value).__name__
        if isinstance(value, Mapping):
            pairs = (f"{self.of(key)}:{self.of(each)}" for key, each in value.items())
            return f"{kind}{{{','.join(pairs)}}}"
        if isinstance(value, AbstractSet):
            return f"{kind}{{{','.join(sorted(map(self.of, value)))}}}"
        return f"{kind}[{','.join(map(self.of, value))}]"

    def name_of(self, subject: Any) -> str:  # noqa: ANN401  # Pelican's
        """The name of a subject: the same in each build. Raises Opaque for one without."""
        kind = type(subject)
        if isinstance(subject, URLWrapper):
            name = f"{kind.__module__}.{kind.__qualname__}:{subject.slug}\n{subject.name}"
            if is_told_by_its_name(subject):
                return name
            name += "\n+"
        elif subject.source_path:
            name = f"{kind.__name__}:{subject.relative_source_path}"
        else:
            raise Opaque(f"a {kind.__name__} of no file")
        if self.subjects.setdefault(name, subject) is not subject:
            self.subjects[name] = None
        return name


def is_told_by_its_name(subject: object) -> bool:
    """Whether a subject is one of Pelican's own categories, tags or authors and no more."""
    return type(subject) in _FLAT and not subject.__dict__.keys() - _FLAT_FIELDS


def digest_of(text: str) -> bytes:
    """Return 16 bytes that tell a text from others."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def remembered_call(value: object) -> Any:  # noqa: ANN401  # a subject, or None
    """The subject of which a value is a method that Pelican remembers the results of."""
    function = getattr(value, "func", None)
    if isinstance(getattr(function, "__self__", None), memoized):
        arguments: tuple[Any, ...] = getattr(value, "args", ())
        return arguments[0] if arguments and isinstance(arguments[0], Content) else None
    return None
