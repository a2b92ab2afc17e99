"""Compiled templates are used again, unless they would come out otherwise."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, Template
from pelican.utils import DateFormatter

from incremental.compiled import Compiled

_TEXT = """{% set x = 1 %}
    {{ "a" | own }} {{ x is odder }} {{ "<" }} {{ "b" is among }}"""


class Counting(Environment):
    """An environment that counts what it compiles."""

    compiled = 0

    def compile(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  # Jinja's
        self.compiled += 1
        return super().compile(*arguments, **named)


def own(text: str) -> str:
    return f"own {text}"


def other(text: str) -> str:
    return f"other {text}"


def among(name: str, these: list[str]) -> bool:
    return name in these


def shout(value: object) -> str:
    return str(value).upper()


def odder(_: object) -> bool:
    return True


def made(compiled: Compiled, change: Callable[[Counting], object], text: str = _TEXT) -> str:
    """A template's text by a new environment; the number of what it has compiled comes first."""
    environment = Counting(loader=DictLoader({"a.html": text}), bytecode_cache=compiled)
    environment.filters |= {"own": own, "strftime": DateFormatter()}
    environment.tests["odder"] = odder
    tests: Any = environment.tests
    tests["among"] = partial(among, these=["a"])
    change(environment)
    return f"{environment.get_template('a.html').render()} by {environment.compiled}"


def nothing(_: Environment) -> None:
    """Change nothing."""


def test_the_same_template_is_compiled_once() -> None:
    compiled = Compiled()
    assert made(compiled, nothing) == "\n    own a True < False by 1"
    assert made(compiled, nothing) == "\n    own a True < False by 0"


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e.filters.update(own=other),
        lambda e: e.filters.update(more=own),
        lambda e: e.tests.update(odder=callable),
        lambda e: e.tests.update(among=partial(among, these=["a", "b"])),
        lambda e: setattr(e, "trim_blocks", True),
        lambda e: setattr(e, "autoescape", True),
        lambda e: setattr(e, "finalize", shout),
        lambda e: e.policies.update({"urlize.rel": None}),
    ],
)
def test_what_is_compiled_with_something_else_is_another(
    change: Callable[[Counting], object],
) -> None:
    compiled = Compiled()
    made(compiled, nothing)
    assert made(compiled, change) == made(Compiled(), change)
    assert made(compiled, change).endswith("by 0")


def test_another_text_is_another_template() -> None:
    compiled = Compiled()
    made(compiled, nothing)
    assert made(compiled, nothing, "Another.") == "Another. by 1"


def test_what_extensions_make_of_a_template_nobody_knows() -> None:
    compiled = Compiled()
    for _ in range(2):
        assert made(compiled, lambda e: e.add_extension("jinja2.ext.i18n")).endswith("by 1")
    made(compiled, lambda e: e.add_extension("jinja2.ext.do"))
    assert made(compiled, lambda e: e.add_extension("jinja2.ext.do")).endswith("by 0")


def test_a_template_of_no_name_is_compiled_as_ever() -> None:
    environment = Environment(bytecode_cache=Compiled())  # noqa: S701  # it makes no page
    template: Template = environment.from_string("{{ 1 + 1 }}")
    assert template.render() == "2"
