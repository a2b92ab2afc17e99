"""Copies of what was read, and what has changed since."""

from datetime import UTC, datetime
from typing import Any

import pytest
from markupsafe import Markup
from pelican.contents import Article
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Author, Category, Tag

from incremental import pristine
from incremental.pristine import changeable, copied, links, read, unchanged


def attributes() -> dict[str, Any]:
    author, tags = Author("Ann", DEFAULT_CONFIG), [Tag("a", DEFAULT_CONFIG)]
    metadata = {"tags": tags, "title": "T", "deep": {"a": [1]}, "pair": (["x"], 1)}
    return {
        "title": "T",
        "author": author,
        "authors": [author],
        "tags": tags,
        "date": datetime(2026, 1, 2, tzinfo=UTC),
        "metadata": metadata,
        "translations": [],
        "note": Markup("<b>"),
    }


def article() -> Article:
    """A post with all of these, as it is handed to a build."""
    made = attributes()
    one = object.__new__(Article)
    one.__dict__ = copied(made, changeable(made))
    one._incremental_origin = lambda: made
    return one


def test_copies_share_nothing_that_can_be_changed() -> None:
    made = attributes()
    names = changeable(made)
    assert set(names) == {"author", "authors", "tags", "metadata", "translations"}
    one = copied(made, names)
    assert one == made
    for name in names:
        assert one[name] is not made[name]
    assert one["tags"][0] is not made["tags"][0]
    assert one["metadata"]["deep"]["a"] is not made["metadata"]["deep"]["a"]
    assert one["metadata"]["pair"][0] is not made["metadata"]["pair"][0]


def test_what_is_one_object_is_one_in_the_copy() -> None:
    made = attributes()
    one = copied(made, changeable(made))
    assert one["authors"][0] is one["author"]
    assert one["metadata"]["tags"] is one["tags"]


def test_what_is_ours_or_the_builds_was_not_read() -> None:
    one = article()
    one.settings = one._context = {}
    assert read(one).keys() == attributes().keys()


def test_nothing_is_changed_before_somebody_does() -> None:
    one = article()
    for name in [*attributes(), "missing"]:
        assert unchanged(one, name), name
    one.category = one.translations = []
    one.author.as_dict()
    assert one.author.slug == "ann"
    for name in attributes():
        assert unchanged(one, name), name
    assert not unchanged(one, "category")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda one: setattr(one, "title", "U"), "title"),
        (lambda one: setattr(one, "title", Markup("T")), "title"),
        (lambda one: delattr(one, "title"), "title"),
        (lambda one: setattr(one, "related", []), "related"),
        (lambda one: one.tags.append("b"), "tags"),
        (lambda one: setattr(one.tags[0], "count", 1), "tags"),
        (lambda one: setattr(one.author, "name", "Bob"), "authors"),
        (lambda one: setattr(one, "author", Category("Ann", DEFAULT_CONFIG)), "author"),
        (lambda one: one.metadata.update(new=1), "metadata"),
        (lambda one: one.metadata["deep"]["a"].append(2), "metadata"),
        (lambda one: one.metadata["pair"][0].append(2), "metadata"),
        (lambda one: one.translations.append(one), "translations"),
        (lambda one: setattr(one, "date", "2026"), "date"),
    ],
)
def test_changes_are_found_also_in_place(change: Any, name: str) -> None:  # noqa: ANN401  # a lambda
    one = article()
    change(one)
    assert not unchanged(one, name)


def test_of_what_was_read_elsewhere_nobody_knows() -> None:
    one = article()
    del one._incremental_origin
    assert not unchanged(one, "title")


def test_an_object_of_an_unknown_kind_may_have_changed_in_place() -> None:
    one = article()
    one.thing = one._incremental_origin()["thing"] = object()
    assert not unchanged(one, "thing")


def test_links_are_those_of_the_text_as_it_is_now() -> None:
    one = article()
    one.settings = DEFAULT_CONFIG
    one._content = one._incremental_origin()["_content"] = "Text."
    one._incremental_links = ("known",)
    assert links(one) == ("known",)
    one._content = (
        '<a class="x" href="{filename}a.md">a</a> <img src="|static|b.png"> <a href="/c">'
    )
    assert links(one) == ('<a class="x" href="{filename}a.md"', '<img src="|static|b.png"')
    one._content = None
    assert links(one) == ()


def test_the_kinds_that_never_change_are_known_to_the_memory() -> None:
    assert not pristine.STEADY & {list, dict, tuple, Tag, object}
