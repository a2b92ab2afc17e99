"""Those who look into marked texts, as templates come by them; ``test_fragments`` has more."""

from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import pass_context

from incremental.fragments import Fragment, Fragments, Marked, Page
from incremental.onlookers import Onlookers, Searched, marked_in, notice

ONE = Fragment("count", "one")


@pass_context
def own(value: object, *_: object, **__: object) -> object:
    return value


def another(value: object) -> object:
    return value


def made(page: Page, fragments: Fragments) -> Marked:
    assert not page.looked
    marked = fragments.mark(ONE, "text")
    assert isinstance(marked, Marked)
    return marked


def looked(use: Callable[[Marked], object]) -> bool:
    """Whether using a marked text so counts as looking into it."""
    fragments = Fragments()
    with fragments.page() as page:
        use(made(page, fragments))
        return page.looked == {ONE}


def test_marked_texts_are_found_in_whatever_holds_them() -> None:
    fragments = Fragments()
    with fragments.page() as page:
        one = made(page, fragments)
        endless: list[Any] = [one]
        endless.append(endless)
        for values in ([one], [[one]], [("x", one)], [{"k": [one]}], [{1: {2: one}}], [endless]):
            assert [*map(id, marked_in(values))] == [id(one)]
        assert marked_in(["text", 1, None, object(), ["text"], {}]) == []
        assert not page.looked
        notice("text", [one])
        assert page.looked == {ONE}


def onlookers() -> Onlookers:
    return Onlookers(
        {"own": own, "jinjas": len, "int": int}, {"jinjas": len, "int": int}, frozenset(["int"])
    )


def test_those_that_look_unnoticed_are_noticed() -> None:
    filters = onlookers()
    assert filters.looks("own")
    assert filters.looks("int")
    assert not filters.looks("jinjas")
    assert looked(filters["own"])


def test_what_is_given_by_name_is_noticed_too() -> None:
    assert looked(lambda text: onlookers()["own"](1, 2, x=[text]))
    assert not looked(lambda text: onlookers()["own"](1, 2, x="text") and text)


def test_each_is_itself_to_whoever_asks_for_it() -> None:
    filters = onlookers()
    assert filters.get("own") is own
    assert filters["jinjas"] is len
    noticed = filters["own"]
    assert noticed is filters["own"]
    assert noticed.__wrapped__ is own
    assert noticed.jinja_pass_arg == own.jinja_pass_arg


def test_one_that_is_replaced_is_another() -> None:
    filters = onlookers()
    before = filters["own"]
    filters["own"] = another
    assert filters["own"] is not before
    assert filters["own"].__wrapped__ is another
    with pytest.raises(KeyError):
        filters["nosuch"]


def test_who_looks_for_a_text_in_another_looks_into_it() -> None:
    assert looked(lambda text: text in Searched("some text"))
    assert "text" in Searched("some text")
    assert "texts" not in Searched("some text")
