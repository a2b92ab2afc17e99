"""What posts, pages and tags are: told by digests, as a whole and attribute by attribute."""

from typing import Any, Final

import pytest
from pelican.contents import Article
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Tag

from incremental.shapes import Opaque, Shapes
from incremental.subjects import Subjects, links

SETTINGS: Final[dict[str, Any]] = {
    **DEFAULT_CONFIG,
    "PATH": "/blog",
    "SITEURL": "https://b.example",
}
ONE: Final = "Article:one.md"


class Own(Article):  # type: ignore[misc]  # Pelican's has no type
    """A post of a plugin's own kind."""

    @property
    def loud(self) -> str:
        return f"{self.title}!"


def post(
    name: str = "one.md", text: str = "Text.", kind: type[Any] = Article, **metadata: object
) -> Any:  # noqa: ANN401  # Pelican's
    context = {"generated_content": {}, "static_content": {}, "localsiteurl": SETTINGS["SITEURL"]}
    given = {"title": "T", "slug": "t", **metadata}
    return kind(text, given, SETTINGS, f"/blog/{name}", context)


def subjects(*met: Any, apart: str = "") -> Subjects:  # noqa: ANN401  # Pelican's
    found = Subjects(Shapes(SETTINGS), {"localsiteurl": SETTINGS["SITEURL"]}, {apart} - {""})
    found.meet(met)
    return found


def fingerprint(one: Any) -> bytes:  # noqa: ANN401  # Pelican's
    (found,) = subjects(one).fingerprints().values()
    return found


def test_a_post_is_as_it_was_or_it_is_not() -> None:
    other = post()
    other.hung = ["x"]
    ways = [post(), post(text="Taxt."), post(title="Another"), post(sub="x"), other]
    assert len({fingerprint(one) for one in ways}) == len(ways)
    assert fingerprint(post()) == fingerprint(post())


def test_what_a_plugins_kind_of_post_computes_is_told_too() -> None:
    name = "Own:one.md"
    one, other = (subjects(post(kind=Own, title=title)) for title in ("A", "B"))
    assert one.digest(name, ("loud",), "") != other.digest(name, ("loud",), "")
    assert one.fingerprints() != other.fingerprints()


def test_links_are_told_by_where_they_lead() -> None:
    target = post("two.md", slug="two")
    one = post(text="<a href='{filename}two.md'>two</a> <a href='{filename}three.md'>three</a>")
    before = fingerprint(one)
    one._context["generated_content"]["two.md"] = target
    assert "two.html" in links(one)
    assert fingerprint(one) != before


def test_all_that_hang_on_what_was_met_are_told() -> None:
    one, two, tag = post(), post("two.md"), Tag("a", SETTINGS)
    tag.hung = "x"
    one.next, two.tags = two, [tag]
    names = subjects([one], {"x": 1}, object()).fingerprints()
    assert [name.partition("\n")[0] for name in names] == [
        ONE,
        "Article:two.md",
        "pelican.urlwrappers.Tag:a",
    ]


def test_what_stands_apart_is_told_apart() -> None:
    one, other = post(), post()
    one.comments_count, other.comments_count = 1, 2
    found = [subjects(each, apart="comments_count") for each in (one, other)]
    assert found[0].fingerprints() != found[1].fingerprints()
    assert found[0].without(ONE) == found[1].without(ONE) != b""
    assert subjects(one).without(ONE) == b""


def test_attributes_are_told_by_what_they_are() -> None:
    one = subjects(post(title="A", sub="x"))
    other = subjects(post(title="B", sub="x"))
    assert one.digest(ONE, ("sub",), "") == other.digest(ONE, ("sub",), "")
    assert one.digest(ONE, ("title",), "") != other.digest(ONE, ("title",), "")
    assert one.digest(ONE, ("sub",), "") != one.digest(ONE, ("nosuch",), "")


def test_a_text_is_told_as_the_page_sees_it() -> None:
    text = "<a href='{filename}one.md'>itself</a>"
    one = post(text=text)
    one._context["generated_content"]["one.md"] = one
    found = Subjects(Shapes(SETTINGS), one._context)
    found.meet([one])
    there, elsewhere = (found.digest(ONE, ("content",), url) for url in ("https://a", "https://c"))
    assert there != elsewhere
    assert found.digest(ONE, ("title",), "https://a") == found.digest(ONE, ("title",), "https://a")


def test_what_nobody_can_look_into_is_opaque_and_no_other_attribute() -> None:
    one = post()
    one.odd = object()
    found = subjects(one)
    assert found.fingerprint(ONE)
    assert found.digest(ONE, ("title",), "")
    with pytest.raises(Opaque, match=r"odd, a builtins\.object"):
        found.digest(ONE, ("odd", "title"), "")


def test_what_is_not_there_or_twice_is_nothing_sure() -> None:
    found = subjects(post(), post())
    for name in (ONE, "Article:nosuch.md"):
        assert found.fingerprint(name) == b""
        with pytest.raises(Opaque, match="more than one Article"):
            found.digest(name, ("title",), "")
