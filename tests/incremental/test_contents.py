"""Posts and pages answer as Pelican's own, and keep nothing longer than they live."""

import copy
import gc
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pelican import contents as pelicans
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Author, Category
from pelican.utils import SafeDatetime

from incremental import contents
from incremental.contents import OURS, are_untouched

SETTINGS: Mapping[str, Any] = {
    **DEFAULT_CONFIG,
    "PATH": "/site/content",
    "ARTICLE_URL": "{date:%Y}/{date:%m}/{category}/{slug}/",
    "ARTICLE_SAVE_AS": "{path}/{author}/{lang}/{series}/{slug}.html",
    "ARTICLE_LANG_URL": "{slug}-{lang}.html",
    "DRAFT_URL": "drafts/{slug:>20}{{}}{slug[0]}{date.year}/{date:{lang}}",
    "PAGE_URL": "pages/{slug}.html",
    "DRAFT_PAGE_URL": "drafts/{slug}",
}
METADATA: Mapping[str, Any] = {
    "title": "A Title",
    "slug": "a-title",
    "series": 7,
    "date": SafeDatetime(2026, 1, 2),
    "category": Category("Some Thing", SETTINGS),
    "author": Author("Ann B", SETTINGS),
}


def both(
    kind: type[pelicans.Content] = pelicans.Article,
    text: str = "<p>Text.</p>",
    **metadata: Any,  # noqa: ANN401  # any value
) -> Iterator[Any]:
    """The same post as Pelican's object, and as ours."""
    for each in (kind, OURS[kind]):
        context = {"localsiteurl": "", "generated_content": {}, "static_content": {}}
        yield each(
            text, {**METADATA, **metadata}, dict(SETTINGS), "/site/content/posts/a.md", context
        )


def addresses(content: Any) -> list[str]:  # noqa: ANN401  # a post
    return [content.url, content.save_as, content.url, content.save_as]


@pytest.mark.parametrize("kind", [pelicans.Article, pelicans.Page])
@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"status": "draft"},
        {"lang": "de"},
        {"lang": "de", "status": "Draft"},
        {"url": "here/", "save_as": "there.html"},
        {"path": "elsewhere/b.md"},
    ],
)
def test_addresses_are_pelicans(kind: type[pelicans.Content], metadata: dict[str, Any]) -> None:
    usual, ours = both(kind, **metadata)
    assert addresses(ours) == addresses(usual)
    assert type(ours).__name__ == kind.__name__


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("slug", "b"), ("date", SafeDatetime(2025, 5, 6)), ("status", "draft"), ("lang", "x")),
        *(("in_default_lang", False), ("category", Category("C", SETTINGS))),
        *(("author", Author("C", SETTINGS)), ("override_url", "x"), ("source_path", "/site/b.md")),
    ],
)
def test_an_address_follows_what_it_is_made_of(name: str, value: object) -> None:
    usual, ours = both()
    for each in (usual, ours):
        addresses(each)
        setattr(each, name, value)
    assert addresses(ours) == addresses(usual)


def test_so_it_does_where_that_is_changed_in_place() -> None:
    usual, ours = both(series=["a"])
    for each in (usual, ours):
        addresses(each)
        each.metadata["series"].append("b")
        each.category.slug = "new"
        each.settings["ARTICLE_URL"] = "{slug}/{category}"
    assert addresses(ours) == addresses(usual)
    for each in (usual, ours):
        each.metadata["series"] = 8
        each.metadata["path"] = "posts/b.md"
    assert addresses(ours) == addresses(usual)


def test_a_pattern_that_makes_no_sense_fails_as_ever() -> None:
    for each in both():
        each.settings["ARTICLE_URL"] = "{nothing}"
        with pytest.raises(KeyError, match="nothing"):
            addresses(each)
        each.settings["ARTICLE_URL"] = "{}"
        with pytest.raises(IndexError):
            addresses(each)


def test_a_page_without_a_date_has_the_days() -> None:
    usual, ours = both(pelicans.Page)
    for each in (usual, ours):
        del each.date
        each.settings["PAGE_URL"] = "{date:%Y%m%d}/"
    assert ours.url == usual.url


def test_an_address_is_formatted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _, ours = both()
    first = ours.url
    monkeypatch.setattr(SafeDatetime, "__format__", lambda *_: "again")
    assert ours.url == first
    ours.slug = "other"
    assert "again" in ours.url


TEXT = '<p>One.</p><p><a href="{filename}b.md">b</a></p><div class="toc">x</div><p>Two.</p>'


def test_texts_and_summaries_are_pelicans() -> None:
    summaries: tuple[dict[str, Any], ...] = ({}, {"summary": "Short."})
    for metadata in summaries:
        usual, ours = both(text=TEXT, **metadata)
        for siteurl in ("", "..", "https://blog.example"):
            usual._context["localsiteurl"] = ours._context["localsiteurl"] = siteurl
            assert ours.content == usual.content == ours.get_content(siteurl)
            assert ours.summary == usual.summary == ours.get_summary(siteurl)
        assert ours.get_static_links() == usual.get_static_links()
        assert ours.get_relative_source_path() == usual.get_relative_source_path()
        assert ours.get_relative_source_path("/site/content/x") == "x"


def test_a_text_is_finished_once_whatever_is_done_to_it_then() -> None:
    for each in both():
        assert each.content == "<p>Text.</p>"
        each._content = "Other."
        assert each.content == "<p>Text.</p>"
    for each in both():
        each._get_content = lambda: "Got."
        assert each.content == "Got."


def test_what_a_text_has_become_goes_with_it() -> None:
    *_, ours = both()
    assert (ours.content, ours.summary) == ("<p>Text.</p>", "<p>Text.</p>")
    gone = weakref.ref(ours)
    del ours, _
    gc.collect()
    assert gone() is None


@pytest.fixture
def elsewhere() -> tuple[Any, list[str]]:
    """A post whose text lies elsewhere, and how often it was fetched."""
    *_, ours = both()
    fetched = []

    def fetch() -> str:
        fetched.append("once")
        return "<p>From there.</p>"

    del ours._content
    ours._incremental_text, ours._incremental_links = fetch, ()
    return ours, fetched


def test_a_text_is_fetched_when_it_is_wanted(elsewhere: tuple[Any, list[str]]) -> None:
    ours, fetched = elsewhere
    assert ours.get_static_links() == set()
    assert "_content" not in vars(ours)
    assert fetched == []
    assert ours.content == ours._content == "<p>From there.</p>"
    assert "_content" not in vars(ours)
    ours._content = "Other."
    assert ours.content == "<p>From there.</p>"


def test_one_that_was_replaced_is_not_fetched(elsewhere: tuple[Any, list[str]]) -> None:
    ours, fetched = elsewhere
    ours._content = '<img src="{static}/a.jpg">'
    assert ours.get_static_links() == {"a.jpg"}
    assert "a.jpg" in ours.content
    assert fetched == []


def test_links_in_it_are_followed(elsewhere: tuple[Any, list[str]]) -> None:
    ours, _ = elsewhere
    ours._incremental_links = ("some",)
    ours._incremental_text = lambda: '<a href="{static}/a.pdf">'
    assert ours.get_static_links() == {"a.pdf"}


def test_a_copy_has_the_text_too(elsewhere: tuple[Any, list[str]]) -> None:
    ours, _ = elsewhere
    assert copy.copy(ours).content == "<p>From there.</p>"


def test_what_is_missing_is_missing() -> None:
    *_, ours = both()
    with pytest.raises(AttributeError, match="'Article' object has no attribute 'nothing'"):
        _ = ours.nothing
    del ours._content
    assert not hasattr(ours, "_content")


def test_methods_that_somebody_puts_into_pelicans_classes_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert are_untouched()
    for owner, name, value in (
        (pelicans.Content, "url", property(lambda _: "x")),
        (pelicans.Article, "mine", lambda _: "x"),
        (pelicans.Content, "get_summary", contents.PerObject(lambda _: "x")),
        (pelicans.Page, "default_status", property(both)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, value, raising=False)
            assert not are_untouched(), name
    monkeypatch.setattr(pelicans.Article, "default_template", "other")
    assert are_untouched()
