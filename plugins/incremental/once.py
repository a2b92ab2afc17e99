"""Texts that many pages have in common, made once in each process.

A post stands in lists of its category, its tags, its month and so on, and looks the same in all
of them. A theme that says ``once(macro, post, …)`` has the macro called for the first of these
pages; for the others its text is taken, and it is noted that they have read what it read.
"""

from dataclasses import dataclass
from typing import Any

from jinja2.runtime import Macro

from incremental.fragments import Fragment, Fragments, Marked
from incremental.tracing import BY_ITSELF, PageTrace, Tracer


@dataclass(frozen=True, slots=True)
class Text:
    """What a macro has printed, what it has read, and the fragments it has marked or looked into.

    ``arguments`` are kept because the key names them by their identity.
    """

    printed: str
    trace: PageTrace
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

    def fingerprint(self) -> bytes:
        """Nothing: it is the same function in every build."""
        return b""

    def __call__(self, macro: Macro, *arguments: Any) -> str:  # noqa: ANN401  # any values
        """Return what a macro, imported without context, prints for these arguments."""
        trace, page = self._tracer.page, self._fragments.current
        if trace is None or page is None:
            return macro(*arguments)
        # A macro is another object in each page; its code is not.
        names = (each if isinstance(each, str | int | None) else id(each) for each in arguments)
        place = (page.marking, trace.look_up("localsiteurl"))
        key = (macro._func.__code__, *place, *names)  # noqa: SLF001  # no other way
        if key not in self._texts:
            self._texts[key] = self._made(macro, arguments, trace, marking=page.marking)
        text = self._texts[key]
        text.trace.tell(trace)
        page.marks |= text.marks
        page.looked |= text.looked
        return self._fragments.join([text.printed])

    def _made(
        self, macro: Macro, arguments: tuple[Any, ...], outer: PageTrace, *, marking: bool
    ) -> Text:
        self._tracer.page = trace = PageTrace(outer.look_up)
        try:
            with self._fragments.page(marking=marking) as page:
                text = macro(*arguments)
        finally:
            self._tracer.page = outer
        printed = text.printed if isinstance(text, Marked) else text
        return Text(printed, trace, frozenset(page.marks), frozenset(page.looked), arguments)
