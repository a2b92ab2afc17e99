"""Texts that many pages have in common, made once in each process.

A post stands in lists of its category, its tags, its month and so on, and looks the same in all
of them. A theme that says ``once(macro, post, …)`` has the macro called for the first of these
pages; for the others its text is taken, and it is noted that they have read what it read.
"""

import zlib
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Final

from jinja2 import Environment, Undefined
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup
from pelican.contents import Content
from pelican.urlwrappers import URLWrapper

from incremental.fragments import Fragment, Fragments, Marked
from incremental.tracing import BY_ITSELF, PageTrace, Told, Tracer

# More than this takes longer than it is worth.
_LEVEL: Final = 1
# Not every text of Python's can be written to a file; whoever writes it says so.
_ANY: Final = "surrogatepass"
_STEADY: Final = frozenset({str, int, bool, float, type(None), Markup})
_COMMON: Final = (Environment, Macro, FunctionType, BuiltinFunctionType, type, Undefined)


@dataclass(frozen=True, slots=True)
class Text:
    """What a macro has printed, what it has read, and the fragments it has marked or looked into.

    What was printed is ``packed``: a site has as much of it as it has posts. ``arguments`` are
    kept because the key names them by their identity.
    """

    packed: bytes
    is_markup: bool
    told: Told
    marks: frozenset[int]
    looked: frozenset[Fragment]
    arguments: tuple[Any, ...]


class Once:
    """The function ``once`` for templates; remembers texts as long as a build goes on."""

    followed = BY_ITSELF

    def __init__(self, tracer: Tracer, fragments: Fragments) -> None:
        self._tracer = tracer
        self._fragments = fragments
        self._texts: dict[tuple[Any, ...], Text] = {}
        # The names of attributes that were read: the same ones of most posts.
        self._met: dict[tuple[str, ...], tuple[str, ...]] = {}

    def fingerprint(self) -> bytes:
        """Nothing: it is the same function in every build."""
        return b""

    def __call__(self, macro: Macro, *arguments: Any, **named: Any) -> str:  # noqa: ANN401  # any values
        """Return what a macro prints for these arguments.

        Of one that knows the page it stands in, or is given what may change, nothing is kept.
        """
        trace, page = self._tracer.page, self._fragments.current
        names = [_name(each) for each in arguments]
        if trace is None or page is None or named or None in names or not _is_apart(macro):
            return macro(*arguments, **named)
        place = (page.marking, trace.look_up("localsiteurl"))
        # A macro is another object in each page; its code, and the template it is of, are not.
        code = (macro._func.__code__, macro._func.__globals__.get("name"))  # noqa: SLF001  # no other way
        key = (*code, *place, *names)
        if key not in self._texts:
            self._texts[key] = self._made(macro, arguments, trace, marking=page.marking)
        text = self._texts[key]
        trace.hear(text.told)
        page.marks |= text.marks
        page.looked |= text.looked
        printed = zlib.decompress(text.packed).decode(errors=_ANY)
        joined = self._fragments.join([printed])
        return Markup(joined) if text.is_markup and type(joined) is str else joined  # noqa: S704  # as it was

    def _made(
        self, macro: Macro, arguments: tuple[Any, ...], outer: PageTrace, *, marking: bool
    ) -> Text:
        self._tracer.page = trace = PageTrace(outer.look_up)
        try:
            with self._fragments.page(marking=marking) as page:
                text = macro(*arguments)
        finally:
            self._tracer.page = outer
        printed = text.printed if isinstance(text, Marked) else str(text)
        packed = zlib.compress(printed.encode(errors=_ANY), _LEVEL)
        marks, looked = frozenset(page.marks), frozenset(page.looked)
        told = trace.told(self._met)
        return Text(packed, isinstance(text, Markup), told, marks, looked, arguments)


def _name(argument: object) -> tuple[type, object] | None:
    """What tells an argument from others; None of one that may change."""
    if type(argument) in _STEADY:
        return type(argument), argument
    if isinstance(argument, Content | URLWrapper):
        return type(argument), id(argument)
    return None


def _is_apart(macro: Macro) -> bool:
    """Whether a macro knows nothing of the page that it is called from.

    What it closes over are then functions and plain values, and the variables of a template
    that was imported without context: those that every template has.
    """
    cells = macro._func.__closure__ or ()  # noqa: SLF001  # no other way
    return all(_is_common(cell.cell_contents) for cell in cells)


def _is_common(value: Any) -> bool:  # noqa: ANN401  # anything
    value = getattr(value, "__self__", value) if isinstance(value, MethodType) else value
    if isinstance(value, Context):
        return len(value.parent) <= len(value.environment.globals)
    return isinstance(value, _COMMON) or type(value) in _STEADY or value is missing
