"""Code that looks into a marked text unnoticed, for it is written in C: noticed from outside.

A marked text notices whoever calls one of its methods. Regular expressions, ``int``, ``json`` and
what other texts do with it read its characters without any. What reaches them by way of a filter,
a test, a call or an operator of a template is taken for looked into.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

from incremental.fragments import Marked

# Filters and tests of Jinja's that read what they are given, or a parameter, in C.
FILTERS_IN_C: Final = frozenset(
    {
        *("filesizeformat", "float", "format", "int", "replace", "title", "tojson", "trim"),
        "wordcount",
    }
)
TESTS_IN_C: Final = frozenset({"in"})
_CONTAINERS: Final = (list, tuple, dict, set, frozenset)
_IN: Final = {"in": "in", "notin": "not in"}


def marked_in(values: Iterable[object], within: tuple[int, ...] = ()) -> list[Marked]:
    """The marked texts among values, and in lists and the like among them.

    ``within`` names what the values are in: that they are in again is looked at once.
    """
    found: list[Marked] = []
    for value in values:
        if type(value) is Marked:
            found.append(value)
        elif isinstance(value, _CONTAINERS) and id(value) not in within:
            around = (*within, id(value))
            found += marked_in(value, around)
            if isinstance(value, dict):
                found += marked_in(value.values(), around)
    return found


def notice(*values: object) -> None:
    """Note of the marked texts among these values that somebody looks into them."""
    for each in marked_in(values):
        each.looked()


class Onlookers(dict[str, Any]):
    """Filters or tests of an environment, as templates get them: those that look are noticed.

    Of Jinja's own ones, ``jinjas``, these are those ``in_c``; and all others are. With ``get``
    each is what it is.
    """

    def __init__(
        self,
        functions: Mapping[str, Any],
        jinjas: Mapping[str, Any],
        in_c: frozenset[str],
    ) -> None:
        super().__init__(functions)
        self._jinjas = jinjas
        self._in_c = in_c
        self._noticed: dict[str, tuple[Any, Any]] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  # any function
        function = super().__getitem__(name)
        if not self.looks(name):
            return function
        known = self._noticed.get(name)
        if known is None or known[0] is not function:
            known = self._noticed[name] = (function, _noticed(function))
        return known[1]

    def looks(self, name: str) -> bool:
        """Whether nobody but us notices what a filter or test does to marked texts."""
        return name in self._in_c or self.get(name) is not self._jinjas.get(name)


class Searched(str):
    """A text in which others are looked for."""

    __slots__ = ()

    def __contains__(self, other: object) -> bool:
        notice(other)
        return super().__contains__(other)  # type: ignore[operator]  # it raises what it has to


class NoticingGenerator(CodeGenerator):
    """Compiles templates whose operators let it be noticed what they look into."""

    def visit_Operand(self, node: nodes.Operand, frame: Frame) -> None:  # noqa: N802  # Jinja's
        if node.op not in _IN:
            super().visit_Operand(node, frame)
            return
        self.write(f" {_IN[node.op]} environment.searched(")
        self.visit(node.expr, frame)
        self.write(")")

    def visit_Mod(self, node: nodes.BinExpr, frame: Frame) -> None:  # noqa: N802  # Jinja's
        self.write("(")
        self.visit(node.left, frame)
        self.write(" % environment.given(")
        self.visit(node.right, frame)
        self.write("))")


def _noticed(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def noticed(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401  # any values
        notice(*arguments, *named.values())
        return function(*arguments, **named)

    return noticed
