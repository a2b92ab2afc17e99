"""What tells a value from others: the same in every process, another for each difference."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from enum import Enum
from pathlib import PurePosixPath
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Undefined
from jinja2.utils import missing
from markupsafe import Markup
from pelican.contents import Article, Page
from pelican.paginator import Paginator
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Author, Category, Tag

from incremental.shapes import Opaque, Shapes, digest_of, is_told_by_its_name

SETTINGS: Final[dict[str, Any]] = {**DEFAULT_CONFIG, "PATH": "/blog", "DEFAULT_PAGINATION": 2}
NUMBERS: Final = list(range(40))


class Colour(Enum):
    """Something that is one of few."""

    RED = 1
    BLUE = 2


class Known:
    """A plugin's object that says what it looks like."""

    def __init__(self, look: bytes) -> None:
        self.look = look

    def fingerprint(self) -> bytes:
        return self.look


def post(name: str, kind: type[Any] = Article, **metadata: str) -> Any:  # noqa: ANN401  # Pelican's
    return kind("Text.", {"title": "T", "slug": "t", **metadata}, SETTINGS, f"/blog/{name}")


def paged(items: Sequence[object], number: int, name: str = "index.html") -> Any:  # noqa: ANN401  # Pelican's
    return Paginator(name, None, items, SETTINGS, 2).page(number)


def shape(value: object) -> str:
    return Shapes(SETTINGS).of(value)


# Each of them has to be told from all others, and is made anew each time.
_DIFFERENT: Final[tuple[Callable[[], object], ...]] = (
    *(lambda: "1", lambda: b"1", lambda: 1, lambda: 1.0, lambda: True, lambda: 1 + 0j),
    *(lambda: None, lambda: "None", lambda: Markup("1"), lambda: "", lambda: "missing"),
    *(list, lambda: [1], lambda: ["1"], lambda: [[1]], lambda: [1, 1]),
    *(lambda: (1,), lambda: {1}, lambda: frozenset([1]), lambda: {1: 1}, lambda: {1: None}),
    *(lambda: {"a": 1, "b": 2}, lambda: {"b": 2, "a": 1}, lambda: ["a,b"], lambda: ["a", "b"]),
    *(lambda: date(2026, 1, 2), lambda: datetime(2026, 1, 2, tzinfo=UTC), lambda: time(1, 2)),
    *(lambda: datetime(2026, 1, 2, tzinfo=ZoneInfo("Asia/Tokyo")), lambda: ZoneInfo("Asia/Tokyo")),
    *(lambda: Colour.RED, lambda: Colour.BLUE, lambda: PurePosixPath("a"), lambda: int),
    *(lambda: len, lambda: shape, lambda: missing, lambda: Known(b"1"), lambda: Known(b"2")),
    *(lambda: post("one.md"), lambda: post("two.md"), lambda: post("one.md", Page)),
    *(lambda: Author("A", SETTINGS), lambda: Tag("A", SETTINGS), lambda: Tag("a", SETTINGS)),
    *(lambda: paged([1, 2, 3], 1), lambda: paged([1, 2, 3], 2), lambda: paged([1, 2, 3, 4], 1)),
    *(lambda: paged([1, 2, 3, 4, 5], 1), lambda: paged([1, 2, 3], 1, "other.html")),
    *(lambda: paged([1, 2, 3], 1).has_next, lambda: paged([1, 2, 3], 1).has_previous),
    *(lambda: paged([1, 2, 3], 1).paginator, lambda: paged([1, 2, 4], 1).paginator),
    *(
        lambda: list(NUMBERS),
        lambda: NUMBERS[::-1],
        lambda: dict(zip(NUMBERS, NUMBERS, strict=True)),
    ),
)


def test_values_that_differ_have_other_shapes_and_equal_ones_the_same() -> None:
    made = [shape(make()) for make in _DIFFERENT]
    assert made == [shape(make()) for make in _DIFFERENT]
    assert len(set(made)) == len(made)


_PLAIN: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.just(Markup("<b>")),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
)


@given(_PLAIN, _PLAIN)
def test_plain_values_have_one_shape_if_they_look_the_same(one: object, other: object) -> None:
    assert (shape(one) == shape(other)) == (repr(one) == repr(other))


def test_the_order_of_a_set_is_not_its_shape() -> None:
    assert shape({"a", "b", "c"}) == shape({"c", "b", "a"})


def test_what_there_is_not_is_missing() -> None:
    assert shape(Undefined()) == shape(Undefined(name="x")) == shape(missing)


@pytest.mark.parametrize("value", [object(), iter(()), [object()], {"a": {1: object()}}])
def test_what_nobody_can_look_into_has_no_shape(value: object) -> None:
    with pytest.raises(Opaque):
        shape(value)
    with pytest.raises(Opaque):
        Shapes(SETTINGS).digest([1, value])


def test_a_post_of_no_file_has_no_shape() -> None:
    with pytest.raises(Opaque, match="Article of no file"):
        shape(Article("Text.", {"title": "T"}, SETTINGS))


def test_a_post_is_told_by_its_name_whatever_is_in_it() -> None:
    assert shape(post("one.md", title="T")) == shape(post("one.md", title="Another"))


def test_subjects_that_were_met_are_found_by_their_names() -> None:
    shapes, one, tag = Shapes(SETTINGS), post("one.md"), Tag("a", SETTINGS)
    shapes.of([one, {"x": tag}])
    assert shapes.subjects == {shapes.name_of(one): one}
    # Of two that have one name nobody knows which is meant.
    shapes.of(post("one.md"))
    assert shapes.subjects == {shapes.name_of(one): None}


def test_a_tag_with_something_hung_on_it_is_more_than_its_name() -> None:
    for kind in (Author, Category, Tag):
        plain, other = kind("A", SETTINGS), kind("A", SETTINGS)
        assert plain.url  # asking for it changes nothing
        other.hung = "x"
        assert is_told_by_its_name(plain)
        assert not is_told_by_its_name(other)
        assert shape(plain) != shape(other)


def test_the_settings_of_the_build_are_told_by_the_build() -> None:
    assert shape(SETTINGS) == "settings"
    with pytest.raises(Opaque):
        shape({**SETTINGS, "X": object()})


def test_any_text_has_a_digest() -> None:
    assert digest_of("\udc80") != digest_of("\udc81")
