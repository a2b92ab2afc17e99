"""What a template reads is followed while it renders; what cannot be followed is named."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

import pytest
from jinja2 import DictLoader, Environment
from jinja2.utils import missing
from pelican.contents import Article
from pelican.paginator import Paginator
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Tag
from pelican.utils import DateFormatter

from incremental.fragments import Fragments, followed
from incremental.rendering import follow
from incremental.shapes import Shapes
from incremental.subjects import Subjects
from incremental.traces import Name
from incremental.tracing import PageTrace, Tracer

SETTINGS: Final[dict[str, Any]] = {**DEFAULT_CONFIG, "PATH": "/blog"}
_OTHERS: Final = {
    "macros": "{% macro m(a) %}{{ a.title }}{% endmacro %}{% set made = name %}",
    "part": "{{ article.slug }}",
    "frame": "<{% block b %}{{ tag.name }}{% endblock %}>",
}


class Odd:
    """Something of a plugin's own."""

    title = "Odd"

    def method(self) -> str:
        return "odd"


class Known(Odd):
    """Something of a plugin's own that is known by where it comes from."""

    followed = True


@followed("title", "date")
def reads(_: object) -> str:
    """Read what it says of posts."""
    return "x"


def unknown(*_: object) -> str:
    """Read whatever it likes."""
    return "y"


class Rendering:
    """A template rendered with these variables, and what of them it has read."""

    def __init__(self, text: str, pure: str = "", **variables: object) -> None:
        tracer = Tracer(frozenset([pure]))
        fragments = Fragments(tracer=tracer)
        environment = Environment(loader=DictLoader(_OTHERS), extensions=["jinja2.ext.do"])  # noqa: S701  # as Pelican's
        environment.filters.update(unknown=unknown, strftime=DateFormatter())
        environment.tests.update(unknown=unknown)
        environment.globals.update(unknown=unknown, reads=reads, name="global")
        follow(environment, tracer, fragments)
        self.variables: Mapping[str, Any] = {**environment.globals, **variables}
        self.trace = tracer.page = PageTrace(lambda name: self.variables.get(name, missing))
        with fragments.page():
            self.text = environment.from_string(text).render(variables)
        tracer.page = None

    @property
    def names(self) -> tuple[Name, ...]:
        return self.trace.names()

    @property
    def reads(self) -> Mapping[str, tuple[str, ...]]:
        shapes = Shapes(SETTINGS)
        subjects = Subjects(shapes, {"localsiteurl": ""})
        shapes.of(list(self.variables.get("articles", [])))
        if "article" in self.variables:
            shapes.of(self.variables["article"])
        return {
            each.subject.partition(":")[2].partition("\n")[0]: each.attributes
            for each in self.trace.reads(shapes, subjects, "")
        }


def post(name: str = "one.md") -> Any:  # noqa: ANN401  # Pelican's
    date = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    metadata = {"title": "T", "slug": "t", "date": date, "tags": [Tag("a", SETTINGS)]}
    return Article("Text.", metadata, SETTINGS, f"/blog/{name}")


def rendering(text: str) -> Rendering:
    hung = Tag("b", SETTINGS)
    hung.hung = "x"
    return Rendering(text, article=post(), tag=hung, odd=Odd(), known=Known())


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("{{ article.title }}", {"title"}),
        ("{{ article['title'] }}{{ article.sub is defined }}", {"title", "sub"}),
        ("{% set a = article %}{{ a.title }}", {"title"}),
        ("{% from 'macros' import m %}{{ m(article) }}", {"title"}),
        ("{% include 'part' %}", {"slug"}),
        ("{{ [article]|map(attribute='slug')|join }}", {"slug"}),
        ("{{ [article]|selectattr('draft')|list|length }}", {"draft"}),
        ("{% for a in [article]|sort(attribute='title') %}{% endfor %}", {"title"}),
        ("{% do reads(article) %}", {"title", "date"}),
        ("{% if 0 %}{{ article.title }}{% endif %}", set()),
    ],
)
def test_attributes_of_a_post_are_noted(text: str, attributes: set[str]) -> None:
    found = rendering(text)
    assert not found.trace.blocked
    assert set(found.reads.get("one.md", ())) == attributes


def test_of_each_post_its_own_is_noted() -> None:
    text = "{{ articles[0].title }}{% for a in articles %}{{ a.slug }}{% endfor %}"
    found = Rendering(text, articles=[post("one.md"), post("two.md")])
    assert found.reads == {"one.md": ("slug", "title"), "two.md": ("slug",)}


def test_a_tag_is_noted_if_there_is_more_to_it_than_its_name() -> None:
    found = rendering("{% extends 'frame' %}")
    assert not found.trace.blocked
    (known,) = found.trace._reads.values()
    assert known == (found.variables["tag"], {"name"})
    assert rendering("{{ article.tags[0].name }}").reads == {"one.md": ("tags",)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ name }}", ["name"]),
        ("{{ nosuch }}", ["nosuch"]),
        ("{% set name = 1 %}{{ name }}", []),
        ("{% for name in [1] %}{{ name }}{% endfor %}", []),
        ("{% macro f(name) %}{{ name }}{% endmacro %}{{ f(1) }}", []),
        ("{% macro f() %}{{ name }}{% endmacro %}{{ f() }}", ["name"]),
        ("{% import 'macros' as m %}{{ m.made }}", ["name"]),
    ],
)
def test_variables_of_the_page_are_noted_and_not_those_of_templates(
    text: str, names: list[str]
) -> None:
    assert [name for name, _ in rendering(text).names] == names


def test_what_templates_import_is_read_by_each_page() -> None:
    """Though Jinja makes it once."""
    for _ in range(2):
        assert dict(rendering("{% from 'macros' import made %}{{ made }}").names) == {"name": None}


def test_pages_of_lists_are_told_by_what_is_asked_of_them() -> None:
    page = Paginator("index.html", None, [1, 2, 3], {**SETTINGS, "PAGINATION_PATTERNS": []}, 2)
    found = Rendering("{{ p.number }}{{ p.has_next() }}", p=page.page(1))
    assert found.names == (("p", ("has_next", "number")),)
    assert not found.trace.blocked


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ unknown() }}", "calls unknown"),
        ("{{ unknown(article) }}", "calls unknown"),
        ("{{ odd.title }}", "looks into a .*Odd"),
        ("{{ [odd]|map(attribute='title')|list }}", "looks into a .*Odd"),
        ("{{ ['x']|map('unknown')|list }}", "uses unknown"),
        ("{{ ['x']|select('unknown')|list }}", "uses unknown"),
        ("{{ '{0.title}'.format(article) }}", "calls .*format"),
    ],
)
def test_what_cannot_be_followed_is_named(text: str, reason: str) -> None:
    assert re.search(reason, rendering(text).trace.blocked)


@pytest.mark.parametrize(
    "text",
    [
        *("{{ 'x'.upper() }}", "{{ '%s'|format('x') }}", "{{ '{}'.format(1) }}", "{{ [1].pop() }}"),
        *("{{ range(3)|list }}", "{{ dict(a=1).items()|list }}", "{{ cycler(1, 2).next() }}"),
        *(
            "{{ article.date|strftime('%Y') }}",
            "{{ article.date.isoformat() }}",
            "{{ known.title }}",
        ),
        *(
            "{% for x in [1] %}{{ loop.cycle('a', 'b') }}{% endfor %}",
            "{% for x in [1] %}{{ loop.changed(x) }}{% endfor %}",
        ),
        "{% set n = namespace(a=1) %}{{ n.a }}",
    ],
)
def test_what_jinja_and_plain_values_can_do_needs_no_following(text: str) -> None:
    assert not rendering(text).trace.blocked


def test_functions_that_are_said_to_be_pure_are_not_followed() -> None:
    for text in ("{{ unknown('x') }}", "{{ ['x']|map('unknown')|list }}"):
        assert not Rendering(text, pure="unknown").trace.blocked


def test_one_trace_hears_what_another_has_noted() -> None:
    one = rendering("{{ name }}{{ article.title }}{{ unknown() }}")
    both = PageTrace(one.trace.look_up)
    both.read(one.variables["article"], "slug")
    both.hear(one.trace.told({}))
    assert both.names() == one.names
    assert both.blocked == one.trace.blocked
    assert both._reads[id(one.variables["article"])][1] == {"slug", "title"}


def test_nothing_is_noted_where_no_page_is_rendered() -> None:
    tracer = Tracer(frozenset())
    tracer.attribute(Odd(), "title")
    tracer.call(unknown, ())
    tracer.filter("unknown", unknown, {})
    assert tracer.page is None
