"""What templates are rendered in: Jinja's own context and environment, which tell what is asked."""

from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from jinja2.filters import FILTERS
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.tests import TESTS
from jinja2.utils import missing
from markupsafe import Markup

from incremental.fragments import Fragments, printed
from incremental.onlookers import (
    FILTERS_IN_C,
    TESTS_IN_C,
    NoticingGenerator,
    Onlookers,
    Searched,
    marked_in,
    notice,
)
from incremental.tracing import BY_ITSELF, CALLED, MADE, SIMPLE, Tracer

_TEXTS: Final = frozenset({str, Markup})
# What Jinja passes along, and takes away again.
_JINJAS: Final = frozenset({"_loop_vars", "_block_vars"})


class TracedContext(Context):
    """The variables of a template, and those who ask for them."""

    environment: "TracedEnvironment"

    def resolve_or_missing(self, key: str) -> Any:  # noqa: ANN401  # any value
        """Return the value of a variable."""
        if key in self.vars:  # of the template's own making
            return self.vars[key]
        value = self.parent.get(key, missing)
        if page := self.environment.tracer.page:
            page.name(key, value)
        return value

    def call(self, obj: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # any value
        """Call something for a template."""
        if type(obj) is not Macro:
            named = (value for name, value in kwargs.items() if name not in _JINJAS)
            given = (*args, *named)
            self.environment.tracer.call(obj, given)
            if (marked := marked_in(given)) and not _passes_on(obj):
                notice(*marked)
        return super().call(obj, *args, **kwargs)


class TracedEnvironment(Environment):
    """What templates are rendered in."""

    tracer: Tracer
    fragments: Fragments
    # Whether texts can be marked: not where the author prints things in a way of their own.
    marking: bool
    context_class = TracedContext

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401  # any value
        """Return an attribute for a template."""
        if self.tracer.kinds.get(type(obj)) != SIMPLE:
            self.tracer.attribute(obj, attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401  # any value
        """Return an item for a template."""
        if self.tracer.kinds.get(type(obj)) != SIMPLE:
            self.tracer.attribute(obj, argument)
        return super().getitem(obj, argument)

    def concat(self, texts: Iterable[str]) -> str:
        """Return the texts as one, with the marks of fragments in it."""
        return self.fragments.join(texts)

    def _load_template(self, name: Any, globals: Any) -> Any:  # noqa: A002, ANN401  # Jinja's
        """Return a template; what others import from it is made anew for each page."""
        template = super()._load_template(name, globals)
        page = self.tracer.page
        if page and name not in page.imported:
            page.imported.add(name)
            template._module = None  # noqa: SLF001  # no other way
        return template

    def searched(self, value: Any) -> Any:  # noqa: ANN401  # any value
        """Return a value in which a template looks for another."""
        return Searched(value) if type(value) in _TEXTS else value

    def given(self, value: Any) -> Any:  # noqa: ANN401  # any value
        """Return a value of which a template makes a text by ``%``."""
        notice(value)
        return value

    def call_filter(self, name: str, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  # Jinja's
        """Use a filter that a template names at run time."""
        self.tracer.filter(name, self.filters.get(name), FILTERS)
        if cast("Onlookers", self.filters).looks(name):
            notice(*arguments, *named.values())
        return super().call_filter(name, *arguments, **named)

    def call_test(self, name: str, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  # Jinja's
        """Use a test that a template names at run time."""
        self.tracer.filter(name, self.tests.get(name), TESTS)
        if cast("Onlookers", self.tests).looks(name):
            notice(*arguments, *named.values())
        return super().call_test(name, *arguments, **named)


def follow(environment: Environment, tracer: Tracer, fragments: Fragments) -> None:
    """Have an environment of Pelican's tell the tracer, before it has any template.

    Its templates stay what they are, and nobody but the tracer and the fragments sees a
    difference.
    """
    kind = type(environment)
    environment.__class__ = type(kind.__name__, (TracedEnvironment, kind), {})
    traced = cast("TracedEnvironment", environment)
    traced.context_class = TracedContext
    traced.tracer, traced.fragments = tracer, fragments
    # A template that changes now is for the next build; asking for each is half a million
    # questions in a large one.
    traced.auto_reload = False
    traced.filters = Onlookers(environment.filters, FILTERS, FILTERS_IN_C)
    traced.tests = Onlookers(environment.tests, TESTS, TESTS_IN_C)
    # Not for a kind of Jinja that compiles in a way of its own.
    usual = kind.code_generator_class is CodeGenerator
    traced.code_generator_class = NoticingGenerator if usual else kind.code_generator_class
    traced.marking = usual and environment.finalize is None
    if traced.marking:
        traced.finalize = printed


def _passes_on(function: Any) -> bool:  # noqa: ANN401  # anything
    """Whether a function but passes on what it is given, or keeps it."""
    owner = getattr(function, "__self__", None)
    return (
        isinstance(function, CALLED)
        or (isinstance(function, type) and function in MADE)
        or getattr(function, "followed", None) == BY_ITSELF
        or isinstance(owner, list | dict | set | LoopContext)
    )
