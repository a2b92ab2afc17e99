"""Marks in texts: invisible to templates, exact in the finished file, and never left in it.

What a template does to a marked text comes out as if it had no mark. If a piece is said to stand
by itself, then the page with another text in its place is the page that the template makes of
that text.
"""

import json
import pickle
import re
from collections.abc import Callable, Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment
from jinja2.filters import FILTERS
from jinja2.tests import TESTS
from markupsafe import Markup

from incremental.fragments import (
    Altered,
    Fragment,
    Fragments,
    Piece,
    Settled,
    aside,
    building,
    mark,
    marked,
    offer,
)
from incremental.rendering import follow
from incremental.tracing import Tracer

ONE, TWO = Fragment("count", "one"), Fragment("count", "two", "argument")
# Texts with what marks and their surroundings are made of, and what templates do things to.
_ODD: Final = st.text(st.sampled_from("0123456789.()<b>/ &;\n'\"aÄß\U0001f600"), min_size=1)
TEXTS: Final = st.one_of(_ODD, st.text(st.characters(exclude_categories=["Cs"]), min_size=1))

_PLAIN_FILTERS: Final = sorted(
    FILTERS.keys()
    - {"random", "map", "select", "selectattr", "reject", "rejectattr", "format", "replace", "join"}
    - {
        "items",
        "unique",
        "default",
        "d",
        "attr",
        "batch",
        "slice",
        "groupby",
        "truncate",
        "wordwrap",
        "indent",
    }
)
_FILTERS: Final = (
    *_PLAIN_FILTERS,
    *(
        "map('upper')|join",
        "map('string')|list|length",
        "select|list|length",
        "reject|list",
        "unique|join",
    ),
    *("replace('a', 'b')", "replace('0', '')", "replace('(', ')', 1)", "join('-')"),
    *("default('x')", "d('x', true)", "batch(3)|list", "slice(3)|list|length"),
    *(
        "groupby(0)",
        "truncate(7)",
        "truncate(7, true, '')",
        "wordwrap(5)",
        "indent",
        "indent(2, true)",
    ),
    *("center(40)", "round(1, 'floor')", "urlize(10)", "filesizeformat", "tojson(2)", "int(7, 16)"),
)
_FILTERED: Final = st.lists(st.sampled_from(_FILTERS), max_size=2).map(
    lambda names: "".join(f"|{name}" for name in names)
)
_SOURCES: Final = st.sampled_from(("m()", "v", "n()", "''"))
_VALUES: Final = st.tuples(_SOURCES, _FILTERED).map("".join)
# Ways to look into a text that only C code goes, with what makes a difference to them.
_IN_C: Final = (
    *("v|title", "v|wordcount", "v|int", "v|float", "v|filesizeformat", "v|tojson"),
    *("[v]|tojson", "{'k': [v]}|tojson", "[v]|map('int')|list", "[v]|map('title')|join"),
    *("'1a12b'|replace('a', v)", "'1a12b'|replace(v, 'a')", "'1a12b'|trim(v)", "'12'|int(0, v)"),
    *("v in '1a12b'", "v not in '1a12b'", "v is in '1a12b'", "[v]|select('in', '12')|list"),
    *("'1a12b'.replace('a', v)", "'1a12b'.split(v)", "'1a12b'.startswith(v)", "'1a'.count(v)"),
    *("'-'.join([v, 'x'])", "'-'.join({v: 1})", "'a'.translate({97: v})", "v ~ 1 in '121'"),
    *("('1' ~ v)|int", "own(v)", "v|own", "v is own", "own(x={'k': v})", "('%s' % v)|int"),
    *("v|title|safe|int(7)", "[[1, v]]|map('last')|map('int')|list", "'x'|own([v])"),
)
_EXPRESSIONS: Final = st.one_of(
    _VALUES,
    st.tuples(
        _VALUES, st.sampled_from((" ~ ", " + ", " == ", " in ", " < ", " or ", " and ")), _VALUES
    ).map("".join),
    _VALUES.map(lambda e: f"{e} * 2"),
    _VALUES.map(lambda e: f"({e})[:5]"),
    _VALUES.map(lambda e: f"({e})[0]"),
    _VALUES.map(lambda e: f"'%s, %r' % ({e}, 1)"),
    _VALUES.map(lambda e: f"'<%s>'|format({e})"),
    _VALUES.map(lambda e: f"'<{{}}>'.format({e})"),
    _VALUES.map(lambda e: f"['a', {e}, 'b']|join(', ')"),
    _VALUES.map(lambda e: f"[{e}, 'b']|first"),
    _VALUES.map(lambda e: f"{{'k': {e}}}.k"),
    _VALUES.map(lambda e: f"'a-b'|replace('-', {e})"),
    _VALUES.map(lambda e: f"({e}).upper()"),
    _VALUES.map(lambda e: f"({e}).split('a')|length"),
    _VALUES.map(lambda e: f"({e}).startswith('<')"),
    _VALUES.map(lambda e: f"({e}) is string"),
    _VALUES.map(lambda e: f"({e}) is defined"),
    _VALUES.map(lambda e: f"'y' if {e} else 'n'"),
    st.sampled_from(_IN_C),
)
_WRAPPINGS: Final = (
    "{{ %s }}",
    "<{{ %s }}>{{ v }}",
    "{%% set v = %s %%}{{ v }}",
    "{%% set v %%}<{{ %s }}>{%% endset %%}{{ v }}{{ v|length }}",
    "{%% set v %%}{{ %s }}{%% endset %%}{{ v|striptags }}",
    "{%% set v|upper %%}{{ %s }}{%% endset %%}{{ v }}",
    "{%% filter trim %%} {{ %s }} {%% endfilter %%}",
    "{%% filter title %%}{{ %s }}{%% endfilter %%}",
    "{%% macro f(x) %%}[{{ x }}]{%% endmacro %%}{{ f(%s) }}",
    "{%% macro g() %%}{{ %s }}{%% endmacro %%}{{ g() }}{{ g()|length }}",
    "{%% macro h() %%}({{ caller() }}){%% endmacro %%}{%% call h() %%}{{ %s }}{%% endcall %%}",
    "{%% macro k() %%}{{ caller()|length }}{%% endmacro %%}{%% call k() %%}{{ %s }}{%% endcall %%}",
    "{%% if %s %%}yes{%% else %%}no{%% endif %%}",
    "{%% for c in %s %%}{{ c }}{%% if loop.last %%}!{%% endif %%}{%% endfor %%}",
    "{%% set ns = namespace(x=%s) %%}{{ ns.x }}",
    "{%% with x = %s %%}{{ x }}{%% include 'shown' %%}{%% endwith %%}",
    "{%% from 'macros' import twice %%}{{ twice(%s) }}",
    "{%% autoescape true %%}{{ %s }}{%% endautoescape %%}",
    "{%% autoescape false %%}{{ %s }}{%% endautoescape %%}",
)
_STATEMENTS: Final = st.tuples(st.sampled_from(_WRAPPINGS), _EXPRESSIONS).map(
    lambda pair: pair[0] % pair[1]
)
TEMPLATES: Final = st.lists(_STATEMENTS, min_size=1, max_size=3).map(
    lambda texts: "{% set v = m() %}" + "\n".join(texts)
)
_OTHERS: Final = {
    "shown": "<{{ x }}>",
    "macros": "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}",
}

Texts = Mapping[Fragment, str]


def functions(make: Callable[[Fragment, str], str], texts: Texts) -> dict[str, Callable[[], str]]:
    return {
        "m": lambda: make(ONE, texts[ONE]),
        "n": lambda: make(TWO, texts[TWO]),
    }


def plainly(template: str, texts: Texts, *, autoescape: bool) -> str | type[Exception]:
    """What Jinja makes of a template and texts without marks."""
    environment = Environment(loader=DictLoader(_OTHERS), autoescape=autoescape)  # noqa: S701  # both are tried
    environment.globals |= functions(lambda _, text: Markup(text), texts)  # noqa: S704  # as mark does
    _add_own(environment)
    try:
        return environment.from_string(template).render()
    except Exception as error:  # noqa: BLE001  # any that a template can raise
        return type(error)


def with_marks(template: str, texts: Texts, *, autoescape: bool) -> Settled | type[Exception]:
    """What a build makes of it."""
    tracer = Tracer(frozenset(["own"]))
    fragments = Fragments(tracer=tracer)
    environment = Environment(loader=DictLoader(_OTHERS), autoescape=autoescape)  # noqa: S701  # both are tried
    _add_own(environment)
    follow(environment, tracer, fragments)
    environment.globals |= functions(fragments.mark, texts)
    for marking in (True, False):
        with fragments.page(marking=marking) as page:
            try:
                text = environment.from_string(template).render()
            except Altered:
                raise
            except Exception as error:  # noqa: BLE001  # any that a template can raise
                return type(error)
        try:
            settled = fragments.settle(getattr(text, "printed", text), page)
        except Altered:
            continue
        assert fragments.nonce.encode() not in settled.data
        return settled
    raise AssertionError("a mark is in it that was never set")


def _add_own(environment: Environment) -> None:
    """Add a function, a filter and a test that read what they are given."""

    def own(*arguments: object, **named: object) -> str:
        return json.dumps([arguments, named])

    environment.globals["own"] = environment.filters["own"] = environment.tests["own"] = own


def without_addresses(text: str) -> str:
    """A text in which objects are not told by where they lie in memory."""
    return re.sub(r"\b0x[0-9a-f]+\b", "0x", text)


def spliced(settled: Settled, texts: Texts) -> bytes:
    """The file with other texts in the places of its pieces."""
    parts, end = [], 0
    for piece in settled.pieces:
        parts += [settled.data[end : piece.offset], texts[piece.fragment].encode()]
        end = piece.offset + piece.length
    return b"".join([*parts, settled.data[end:]])


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # templates that make no sense
@given(template=TEMPLATES, texts=st.tuples(TEXTS, TEXTS), others=st.tuples(TEXTS, TEXTS))
@pytest.mark.parametrize("autoescape", [False, True])
def test_a_template_sees_no_marks(
    template: str, texts: tuple[str, str], others: tuple[str, str], *, autoescape: bool
) -> None:
    before = dict(zip((ONE, TWO), texts, strict=True))
    wanted = plainly(template, before, autoescape=autoescape)
    settled = with_marks(template, before, autoescape=autoescape)
    if isinstance(settled, type) or isinstance(wanted, type):
        assert settled == wanted
        return
    assert without_addresses(settled.data.decode()) == without_addresses(wanted)
    assert all(
        settled.data[each.offset : each.offset + each.length].decode() == before[each.fragment]
        for each in settled.pieces
    )
    fixed = {fragment: before[fragment] for fragment in settled.loose}
    after = dict(zip((ONE, TWO), others, strict=True)) | fixed
    wanted = str(plainly(template, after, autoescape=autoescape))
    assert without_addresses(spliced(settled, after).decode()) == without_addresses(wanted)


@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("reading", _IN_C)
def test_a_text_may_be_printed_and_looked_into(reading: str, *, autoescape: bool) -> None:
    for text in ("12", "1", "a"):
        template = f"{{% set v = m() %}}{{{{ v }}}} {{{{ {reading} }}}}"
        settled = with_marks(template, {ONE: text, TWO: ""}, autoescape=autoescape)
        wanted = plainly(template, {ONE: text, TWO: ""}, autoescape=autoescape)
        if isinstance(settled, type):
            assert settled == wanted
            continue
        assert settled.data.decode() == wanted
        assert settled.loose == {ONE}


# These but pass it on, or ask what it is.
_NOT_READING: Final = (
    *("v", "v|default('x')", "v|string", "[v]|first", "[v, n()]|last", "{'k': v}.k", "dict(k=v).k"),
    *("v is string", "v is defined", "v is number", "v is none", "namespace(k=v).k", "f(v)"),
    *("'x' if v else 'y'", "not v", "v and 1", "cycler(v, 1).next()", "[v]|length", "[].append(v)"),
)


@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("passing", _NOT_READING)
def test_who_passes_a_text_on_does_not_look_into_it(passing: str, *, autoescape: bool) -> None:
    macro = "{% macro f(x) %}<{{ x }}>{% endmacro %}"
    template = f"{macro}{{% set v = m() %}}{{{{ v }}}}{{{{ {passing} }}}}"
    # In a macro that escapes, what is printed has been looked into already.
    texts = {ONE: "12", TWO: ""}
    settled = with_marks(template, texts, autoescape=autoescape and "f(" not in passing)
    assert isinstance(settled, Settled)
    assert ONE not in settled.loose


@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("kind", ["|", " is "])
def test_all_that_jinja_has_looks_into_a_text_or_lets_it_be_seen(
    kind: str, *, autoescape: bool
) -> None:
    """Of each filter and test, with a text and with another: the one's page tells of the other."""
    for name in sorted(FILTERS if kind == "|" else TESTS):
        for argument in ("", "('12')", "(1)"):
            template = f"{{% set v = m() %}}{{{{ v }}}} {{{{ v{kind}{name}{argument} }}}}"
            settled = with_marks(template, {ONE: "12", TWO: ""}, autoescape=autoescape)
            wanted = plainly(template, {ONE: "a b", TWO: ""}, autoescape=autoescape)
            if isinstance(settled, Settled) and not settled.loose and isinstance(wanted, str):
                found = spliced(settled, {ONE: "a b"}).decode()
                assert without_addresses(found) == without_addresses(wanted), name


PARTS: Final = st.lists(st.one_of(TEXTS, st.tuples(st.sampled_from((ONE, TWO)), TEXTS)), max_size=8)


@given(parts=PARTS)
def test_settling_takes_out_the_marks_and_says_where_they_were(
    parts: list[str | tuple[Fragment, str]],
) -> None:
    fragments = Fragments()
    with fragments.page() as page, building(fragments):
        texts = [
            part
            if isinstance(part, str)
            else marked(part[0].kind, part[0].key, part[1], part[0].argument)
            for part in parts
        ]
        settled = fragments.settle("".join(texts), page)
    plain = [part if isinstance(part, str) else part[1] for part in parts]
    assert settled.data.decode() == "".join(plain)
    assert settled.loose == frozenset()
    offset = 0
    wanted = []
    for part, text in zip(parts, plain, strict=True):
        size = len(text.encode())
        if not isinstance(part, str):
            wanted.append(Piece(part[0], offset, size))
        offset += size
    assert list(settled.pieces) == wanted


@given(text=TEXTS, end=st.integers(1, 60))
def test_a_mark_that_is_not_whole_is_noticed(text: str, end: int) -> None:
    fragments = Fragments()
    with fragments.page() as page:
        printed = getattr(fragments.mark(ONE, text), "printed")  # noqa: B009  # of a Marked alone
    whole = len(fragments.nonce) + 3
    cut = max(1, min(end, whole))
    for broken in (
        printed[:-cut],
        printed[cut:],
        printed + printed[: whole - 1],
        printed[:whole] + printed,
    ):
        with pytest.raises(Altered):
            fragments.settle(broken, page)
    with pytest.raises(Altered):
        fragments.settle(f"{printed[:whole]}!{printed[whole:]}", page)


def test_a_mark_of_another_number_was_never_set() -> None:
    fragments = Fragments()
    with fragments.page() as page, pytest.raises(Altered):
        fragments.settle(f"{fragments.nonce}.0({fragments.nonce}.0)", page)


def test_what_is_rendered_aside_is_plain_and_nothing_of_the_page() -> None:
    fragments = Fragments()
    with building(fragments), fragments.page() as page:
        with aside():
            assert mark("count", "one", "text") == Markup("text")
            assert marked("count", "one", "text") == "text"
        assert fragments.settle("text", page) == Settled(b"text", (), frozenset())
    with aside():
        pass


def test_without_a_build_or_a_page_a_text_stays_what_it_is() -> None:
    assert type(mark("count", "one", "<b>")) is Markup
    with building(Fragments()):
        assert type(mark("count", "one", "<b>")) is Markup
    offer({"one": b"1"})


def test_an_empty_text_cannot_be_marked_and_is_noted() -> None:
    fragments = Fragments()
    with fragments.page() as page:
        assert type(fragments.mark(ONE, "")) is Markup
        assert fragments.settle("", page).loose == {ONE}


def test_what_is_offered_is_of_this_build_alone() -> None:
    one, other = Fragments(), Fragments()
    with building(one):
        offer({"key": b"1"}, ["name"])
        with building(other):
            offer({"key": b"2"})
        offer({"other": b"3"})
    assert (one.offers, one.apart) == ({"key": b"1", "other": b"3"}, {"name"})
    assert (other.offers, other.apart) == ({"key": b"2"}, set())


def test_pieces_can_be_sent_to_another_process() -> None:
    settled = Settled(b"x", (Piece(ONE, 0, 1),), frozenset([TWO]))
    assert pickle.loads(pickle.dumps(settled)) == settled  # noqa: S301  # our own
