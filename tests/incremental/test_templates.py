"""The templates that a page may be made from, by what their texts say."""

from collections.abc import Mapping

import pytest
from jinja2 import BaseLoader, DictLoader, Environment, FunctionLoader, PrefixLoader, Template

from incremental.templates import Closure, Templates
from incremental.tracing import Tracer

TEXTS = {
    "base": "{% block b %}{% endblock %}{% include 'foot' %}",
    "page": "{% extends 'base' %}{% from 'macros' import m %}{% block b %}{{ m() }}{% endblock %}",
    "macros": "{% import 'deep' as deep %}{% macro m() %}{{ deep.d() }}{% endmacro %}",
    "deep": "{% macro d() %}{% include ['later', 'foot'] ignore missing %}{% endmacro %}",
    "foot": "Foot.",
    "other": "Other.",
    "chooses": "{% include name %}",
}


def closure(loader: BaseLoader, name: str, pure: str = "") -> Closure:
    environment = Environment(loader=loader)  # noqa: S701  # nothing is rendered
    environment.filters["own"] = environment.tests["own"] = closure
    environment.globals.update(own=closure)
    return Templates(environment, Tracer(frozenset([pure])), unwatched=True).closure(name)


def with_texts(texts: Mapping[str, str], name: str) -> Closure:
    return closure(DictLoader({**TEXTS, **texts}), name)


@pytest.mark.parametrize("name", ["base", "page", "macros", "deep", "foot", "later"])
def test_each_template_that_may_be_used_counts(name: str) -> None:
    assert with_texts({name: "Another."}, "page") != with_texts({}, "page")


def test_no_other_template_counts() -> None:
    assert with_texts({"other": "Another.", "more": ""}, "page") == with_texts({}, "page")
    assert not with_texts({}, "page").blocked


@pytest.mark.parametrize("name", ["other", "chooses", "more"])
def test_where_one_is_chosen_while_it_is_rendered_all_count(name: str) -> None:
    text = TEXTS["chooses"] + "!"
    assert with_texts({name: text}, "chooses") != with_texts({}, "chooses")
    assert not with_texts({name: text}, "chooses").blocked


def given(name: str) -> str | None:
    return TEXTS.get(name)


@pytest.mark.parametrize(
    "loader", [FunctionLoader(given), PrefixLoader({"": FunctionLoader(given)}, "-")]
)
def test_where_nobody_can_list_what_may_be_chosen_it_cannot_be_followed(loader: BaseLoader) -> None:
    prefix = "-" if isinstance(loader, PrefixLoader) else ""
    assert "nobody can list them" in closure(loader, f"{prefix}chooses").blocked
    assert not closure(loader, f"{prefix}foot").blocked


class Texts(BaseLoader):
    """Has templates, and says nothing of their texts."""

    def __init__(self, *, tells: bool) -> None:
        self.has_source_access = tells

    def load(
        self,
        environment: Environment,
        name: str,
        globals: object = None,  # noqa: A002  # Jinja's
    ) -> Template:
        del globals
        if name in TEXTS:
            return environment.from_string(TEXTS[name])
        return super().load(environment, name)


@pytest.mark.parametrize("tells", [True, False])
def test_a_template_without_a_text_cannot_be_followed(*, tells: bool) -> None:
    assert "foot" in closure(Texts(tells=tells), "foot").blocked
    assert not closure(Texts(tells=tells), "nowhere").blocked


@pytest.mark.parametrize("text", ["{{ x|own }}", "{% if x is own %}{% endif %}", "{{ own() }}"])
def test_what_is_not_jinjas_own_cannot_be_followed(text: str) -> None:
    assert with_texts({"foot": text}, "page").blocked


def test_what_is_said_to_be_pure_needs_no_following() -> None:
    assert not closure(DictLoader({"one": "{{ x|own }}"}), "one", pure="own").blocked


def test_what_is_no_template_counts_by_its_text() -> None:
    one, other = (with_texts({"foot": f"{{% what{sign} %}}"}, "page") for sign in "?!")
    assert one.digest != other.digest
    assert not one.blocked
