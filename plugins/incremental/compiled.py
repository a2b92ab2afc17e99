"""Templates that were compiled before, in a process that builds again and again.

Nothing of them is kept on disk: what can be run when it is loaded does not belong into a file.
"""

from collections.abc import Mapping
from functools import partial
from types import CodeType
from typing import Any, Final

from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.filters import FILTERS
from jinja2.tests import TESTS
from pelican.utils import DateFormatter

# These make the same of the same text, whatever else there is.
_PLAIN: Final = frozenset({"jinja2.ext.ExprStmtExtension", "jinja2.ext.LoopControlExtension"})

Key = tuple[object, ...]


class _Place(Bucket):
    """Where Jinja looks for a template's code, and puts it; nowhere if it has no key."""

    place: Key = ()
    made_from: Key = ()


class Compiled(BytecodeCache):
    """Keeps the code of each template until its text changes, or what it is compiled with.

    Jinja works out a filter of plain values while it compiles: of filters and tests that are
    not its own, others of the same name are others.
    """

    def __init__(self) -> None:
        self._known: dict[Key, tuple[Key, CodeType]] = {}

    def __repr__(self) -> str:
        # One is as good as another, for whoever wonders what settings have changed.
        return "Compiled()"

    def get_bucket(
        self, environment: Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """Return what is known of a template."""
        bucket = _Place(environment, name, "")
        if environment.extensions.keys() <= _PLAIN:
            filters, tests = _own(environment.filters, FILTERS), _own(environment.tests, TESTS)
            bucket.place = (name, filename, environment.autoescape, *filters, *tests)
            bucket.made_from = (source, *_way(environment), filters, tests)
            made_from, code = self._known.get(bucket.place, ((), None))
            bucket.code = code if made_from == bucket.made_from else None
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        assert isinstance(bucket, _Place)  # noqa: S101  # as we have made it
        if bucket.place and bucket.code:
            self._known[bucket.place] = (bucket.made_from, bucket.code)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Do nothing: everything is known, or it is not."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Do nothing, as above."""


def _way(environment: Environment) -> Key:
    """How an environment compiles; what it takes for syntax is told by its lexer."""
    return (
        environment.lexer,
        environment.finalize,
        environment.code_generator_class,
        environment.is_async,
        environment.optimized,
        dict(environment.policies),
    )


def _own(there: Mapping[str, Any], jinjas: Mapping[str, Any]) -> Mapping[str, Any]:
    """The filters or tests that are not Jinja's."""
    own = {name: each for name, each in there.items() if each is not jinjas.get(name)}
    return {name: _told(each) for name, each in own.items()}


def _told(function: Any) -> object:  # noqa: ANN401  # any filter or test
    """What tells a function from others; Pelican makes some of its own anew each time."""
    if isinstance(function, DateFormatter):
        return DateFormatter
    return (function.func, repr(function)) if isinstance(function, partial) else function
