"""Following a template while it renders: which variables, and what of which subject, it reads.

Jinja asks its environment for every attribute and its context for every variable and call, and
ours tell what they are asked. What a template sees by other ways (a filter of the author's
own, a function that nobody knows) cannot be followed: such a page is rendered each time.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, MethodType
from typing import Any, Final, NamedTuple

from jinja2 import Undefined
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.utils import Cycler, Joiner, Namespace
from markupsafe import Markup
from pelican.contents import Content
from pelican.paginator import Page as PaginatorPage
from pelican.paginator import Paginator
from pelican.urlwrappers import URLWrapper
from pelican.utils import DateFormatter

from incremental.shapes import Opaque, Shapes, is_told_by_its_name, remembered_call
from incremental.subjects import Subjects
from incremental.traces import Name, Read

# Values that are known by what was read before, and tell nothing else.
_SIMPLE: Final = (
    *(str, bytes, int, float, bool, type(None), list, tuple, dict, set, frozenset, Mapping),
    *(dt.date, dt.time, dt.timedelta, dt.tzinfo, Undefined),
    *(Macro, LoopContext, TemplateReference, BlockReference, Namespace, Cycler, Joiner),
)
_FRAMED: Final = (PaginatorPage, Paginator)
# What Jinja calls for templates, and makes for them, by itself.
CALLED: Final = (Macro, LoopContext, BlockReference, TemplateReference, Cycler, Joiner)
MADE: Final = frozenset({range, dict, Cycler, Joiner, Namespace})
# What gives another answer each time.
_RANDOM: Final = frozenset({"random"})
# What asks for attributes without asking the environment.
_UNSEEN: Final = frozenset({"attr"})
_MODULE: Final = "jinja2.environment.TemplateModule"


# The kinds of values, and what else has no name.
SUBJECT: Final = "subject"
FRAMED: Final = "framed"
SIMPLE: Final = "simple"
# What says of a function that it tells the tracer everything.
BY_ITSELF: Final = "by itself"


class Told(NamedTuple):
    """What a trace has noted: variables, and what was read of which subject."""

    names: tuple[tuple[str, object], ...]
    reads: tuple[tuple[Any, tuple[str, ...]], ...]
    blocked: str


class PageTrace:
    """What one page has read so far. ``look_up`` finds the page's own variables by name."""

    def __init__(self, look_up: Callable[[str], object]) -> None:
        self.blocked = ""
        self.look_up = look_up
        self._names: dict[str, object] = {}
        self._framed: dict[int, tuple[str, set[str]]] = {}
        self._reads: dict[int, tuple[Any, set[str]]] = {}
        # The templates imported from so far.
        self.imported: set[str] = set()

    def told(self, met: dict[tuple[str, ...], tuple[str, ...]]) -> "Told":
        """Return what it has noted so far; what is equal to what was ``met`` before is the same."""
        names = tuple(self._names.items())
        reads = []
        for subject, attributes in self._reads.values():
            of = tuple(sorted(attributes))
            reads.append((subject, met.setdefault(of, of)))
        return Told(names, tuple(reads), self.blocked)

    def hear(self, told: "Told") -> None:
        """Note all that another trace has noted: of a text that its page has, too."""
        for name, value in told.names:
            self.name(name, value)
        for subject, attributes in told.reads:
            self._read_of(subject).update(attributes)
        self.block(told.blocked)

    def block(self, reason: str) -> None:
        """Note something that cannot be followed."""
        self.blocked = self.blocked or reason

    def name(self, name: str, value: object) -> None:
        """Note that a variable was asked for; one of a template's own making tells nothing."""
        if name not in self._names and value is self.look_up(name):
            self._names[name] = value
            if isinstance(value, _FRAMED):
                self._framed[id(value)] = (name, set())

    def framed(self, value: object, attribute: str) -> None:
        """Note an attribute of a variable that is told by its attributes."""
        if found := self._framed.get(id(value)):
            found[1].add(attribute)

    def read(self, subject: Any, attribute: str) -> None:  # noqa: ANN401  # Pelican's
        """Note an attribute of a subject."""
        self._read_of(subject).add(attribute)

    def _read_of(self, subject: Any) -> set[str]:  # noqa: ANN401  # Pelican's
        known = self._reads.get(id(subject))
        if known is None:
            known = self._reads[id(subject)] = (subject, set())
        return known[1]

    def names(self) -> tuple[Name, ...]:
        """The variables that were asked for."""
        framed = {name: tuple(sorted(read)) for name, read in self._framed.values()}
        return tuple((name, framed.get(name)) for name in sorted(self._names))

    def reads(self, shapes: Shapes, subjects: Subjects, siteurl: str) -> tuple[Read, ...]:
        """What was read of which subject, with digests."""
        found = []
        for subject, attributes in self._reads.values():
            if is_told_by_its_name(subject):
                continue
            of = tuple(sorted(attributes))
            try:
                name = shapes.name_of(subject)
                found.append(Read(name, of, subjects.digest(name, of, siteurl)))
            except Opaque as error:
                self.block(f"it reads {error.what}")
        return tuple(found)


class Tracer:
    """Follows one page at a time. ``pure`` names filters and functions that need no following."""

    def __init__(self, pure: frozenset[str]) -> None:
        self.page: PageTrace | None = None
        self._pure = pure
        self.kinds: dict[type, str] = {}

    def attribute(self, value: object, name: object) -> None:
        """Note that a template has asked for an attribute or item."""
        page = self.page
        if page is None:
            return
        kind = self.kinds.get(type(value)) or self._kind(type(value))
        if kind == SUBJECT:
            page.read(value, str(name))
        elif kind == FRAMED:
            page.framed(value, str(name))
        elif kind != SIMPLE:
            page.block(f"it looks into {kind}")

    def call(self, function: object, arguments: tuple[object, ...]) -> None:
        """Note that a template calls something."""
        if self.page and not self._is_known(function, arguments):
            name = getattr(function, "__qualname__", type(function).__qualname__)
            self.page.block(f"it calls {name}, which cannot be followed")

    def filter(self, name: str, function: object, known: Mapping[str, object]) -> None:
        """Note that a template uses a filter or test."""
        if self.page and not self.follows_filter(name, function, known):
            self.page.block(f"it uses {name}, which cannot be followed")

    def follows_filter(self, name: str, function: object, known: Mapping[str, object]) -> bool:
        """Whether a filter or test tells nothing that is not followed."""
        if name in self._pure or isinstance(function, DateFormatter):
            return True
        return (function is known.get(name) and name not in _RANDOM | _UNSEEN) or (
            is_followed(function)
        )

    def _kind(self, kind: type) -> str:
        if issubclass(kind, Content | URLWrapper):
            found = SUBJECT
        elif issubclass(kind, _FRAMED):
            found = FRAMED
        elif (
            issubclass(kind, _SIMPLE)
            or f"{kind.__module__}.{kind.__qualname__}" == _MODULE
            or is_followed(kind)
        ):
            found = SIMPLE
        else:
            found = f"a {kind.__module__}.{kind.__qualname__}"
        self.kinds[kind] = found
        return found

    def _is_known(self, function: Any, arguments: tuple[object, ...]) -> bool:  # noqa: ANN401  # anything
        owner = function.__self__ if isinstance(function, MethodType) else None
        if isinstance(function, CALLED) or isinstance(owner, LoopContext | Cycler):
            return True
        if isinstance(function, type) and function in MADE:
            return True
        if isinstance(function, BuiltinFunctionType):
            # What a text makes of a subject, it reads of it by itself.
            owner = function.__self__
            return isinstance(owner, _SIMPLE) and not (
                function.__name__.startswith("format") and not all(map(_is_plain, arguments))
            )
        if isinstance(owner, (*_FRAMED, Markup, dt.date)):
            return all(map(_is_plain, arguments))
        if remembered_call(function) is not None or getattr(function, "__name__", "") in self._pure:
            return True
        return is_followed(function) and self._reads_of(function, arguments)

    def _reads_of(self, function: Any, arguments: tuple[object, ...]) -> bool:  # noqa: ANN401  # any function
        """Note what a function says that it reads of subjects; False if it says nothing."""
        if function.followed == BY_ITSELF:
            return True
        for argument in arguments:
            if isinstance(argument, Content | URLWrapper):
                if function.followed is True or not self.page:
                    return False
                for name in function.followed:
                    self.page.read(argument, name)
        return True


def is_followed(function: object) -> bool:
    """Whether a plugin says that there is nothing to follow, by the attribute ``followed``.

    A function looks at its plain arguments and at what it marks, and at nothing else. Of a
    class it says that the fingerprint of where its objects come from tells all about them.
    """
    return getattr(function, "followed", None) not in {None, False}


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | dt.date)
