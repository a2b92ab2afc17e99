"""A post and a page by themselves."""

import pytest

from tests.site import Build, Site
from tests.theme.conftest import SAID, Read, text_after
from tests.theme.page import Page, text_of

CATEGORIES = {
    "Art": "Art",
    "Art, Business": "Art, Business",
    "Art, Business, Law": "Art, Business, Law",
    "Business/Networking": "Networking",
}


def test_the_title_is_html_in_text_and_plain_in_attributes(read: Read, blog: Build) -> None:
    page = read("long/index.html")
    assert page.text("h1") == SAID
    assert page.text("title") == f"{SAID} | A Blog"
    assert page.one("meta", property="og:title").get("content") == SAID
    assert "&amp;amp;" not in blog.read("long/index.html")


def test_markup_in_a_title_is_kept_in_text_alone(site: Site) -> None:
    site.post("ship", title="On <em>Ships</em> & <i>Sails</i>")
    build = site.build()
    page = Page.parse(build.read("ship/index.html").replace(" & ", " &amp; "))
    assert [each.tag for each in page.one("h1")] == ["em", "i"]
    assert page.text("title") == "On Ships & Sails | A Blog"
    assert page.one("meta", property="og:title").get("content") == "On Ships & Sails"


def test_files_that_feeds_bring_along_are_linked_and_not_loaded(read: Read) -> None:
    open_, about = read("open/index.html"), read("about-us/index.html")
    link = open_.one("a", rel="enclosure")
    assert link.get("href") == "https://else.example/My%20talk.mp3?a=1&b=2"
    assert (link.get("type"), link.text) == ("audio/mpeg", "My talk.mp3")
    assert open_.text("ul", "enclosures") == "My talk.mp3 (2.0 kB)"
    assert about.one("a", rel="enclosure").get("href") == "https://blog.example/song.ogg"
    assert [each for page in (open_, about) for each in page.all("audio")] == []


def test_it_says_when_and_by_whom_it_was_posted_and_changed(read: Read) -> None:
    assert read("long/index.html").text(class_="entry-meta") == (
        f"Posted on 1 December 2025 by Ann Author. Last changed on 3 February 2026"
        f" · 4 Responses to {SAID}"
    )
    assert read("quiet/index.html").text(class_="entry-meta") == (
        "Posted on 7 January 2026 by Ann Author"
    )


@pytest.mark.parametrize("tags", ["", "one", "one, two", "one, two, three"])
def test_it_says_where_it_was_posted_and_how_it_is_tagged(site: Site, tags: str) -> None:
    for number, metadata in enumerate(CATEGORIES):
        site.post(f"post-{number}", category=metadata, **({"tags": tags} if tags else {}))
    build = site.build()
    for number, said in enumerate(CATEGORIES.values()):
        page = Page.parse(build.read(f"post-{number}/index.html"))
        tagged = f" and tagged {tags}" if tags else ""
        assert page.text(class_="posted-in") == (
            f"This entry was posted in {said}{tagged}. Bookmark the permalink."
        )


@pytest.mark.parametrize(
    ("tags", "said"),
    [("", "Bookmark the permalink."), ("t", "This entry was tagged t. Bookmark the permalink.")],
)
def test_a_post_without_categories_says_what_is_left(site: Site, tags: str, said: str) -> None:
    site.post("first", **({"tags": tags} if tags else {}))
    build = site.build('PLUGINS = []\nCATEGORY_SAVE_AS = ""\n')
    assert Page.parse(build.read("first/index.html")).text(class_="posted-in") == said


def test_the_sentence_links_with_the_relations_that_wordpress_gives(read: Read) -> None:
    links = read("long/index.html").within(class_="posted-in").all("a")
    assert [(text_of(a), a.get("rel")) for a in links] == [
        ("Networking", "category tag"),
        ("Art", "category tag"),
        ("one", "tag"),
        ("two", "tag"),
        ("three", "tag"),
        ("permalink", "bookmark"),
    ]


def test_it_can_be_shared_by_plain_links(read: Read) -> None:
    link = read("long/index.html").within(class_="share").one("a")
    assert link.get("href") == (
        "mailto:?subject=Salt%20%26%20%22Pepper%22%20%3C3%20%F0%9F%A7%82"
        "&body=https%3A%2F%2Fblog.example%2Flong%2F"
    )
    for unlisted in ("secret/index.html", "drafts/unfinished/index.html"):
        assert read(unlisted).all(class_="share") == []


def test_its_author_is_introduced_if_there_is_something_to_say(read: Read, site: Site) -> None:
    box = read("long/index.html").within(class_="author-box")
    assert box.text("h2") == "About Ann Author"
    assert "View all posts by Ann Author" in box.texts("a")[0]
    site.post("mine")
    site.post("hers", author="Another")
    assert "author-box" not in site.build().read("mine/index.html")
    introduced = site.build('AUTHOR_BIO = "Ann writes."\n')
    assert "author-box" in introduced.read("mine/index.html")
    assert "author-box" not in introduced.read("hers/index.html")


def test_the_posts_before_and_after_are_linked(read: Read) -> None:
    page = read("open/index.html")
    assert text_after(page, "older") == "Wave"
    assert text_after(page, "newer") == "Shut"
    assert read("long/index.html").all(class_="older") == []
    assert read("quiet/index.html").all("a", "newer") == []


def test_related_posts_are_named(read: Read) -> None:
    related = read("long/index.html").within(class_="related")
    assert "Wave 2026" in related.texts("li")


def test_translations_are_offered_in_their_own_language(read: Read) -> None:
    original, translation = read("wave/index.html"), read("de/wave/index.html")
    assert original.text(class_="translations") == "Also in: Deutsch"
    assert translation.text(class_="translations") == "Also in: English"
    assert original.within(class_="translations").one("a").get("lang") == "de"
    assert translation.one("html").get("lang") == "de"
    for around in ("site-header", "site-footer", "entry-meta", "entry-footer"):
        assert translation.one(class_=around).get("lang") == "en"
        assert original.one(class_=around).get("lang") is None


def test_what_scrolls_can_be_reached_with_the_keyboard(read: Read) -> None:
    page = read("long/index.html")
    assert page.one("pre").get("tabindex") == "0"
    assert page.one(class_="scroll").get("tabindex") == "0"


def test_a_table_with_attributes_is_left_as_it_is(site: Site) -> None:
    site.post("table", '<table class="x"><tr><td>1</td></tr></table>\n\n| a |\n|---|\n| 1 |\n')
    page = Page.parse(site.build().read("table/index.html"))
    assert len(page.all("table")) == 2
    assert page.all(class_="scroll") == []


def test_a_page_has_a_permalink_and_no_sentence_about_categories(read: Read) -> None:
    page = read("about-us/index.html")
    assert page.text("h1") == "About *us*"
    assert page.text(class_="posted-in") == "Permalink"


def test_a_child_theme_fills_the_named_hooks(site: Site) -> None:
    site.post("first")
    site.write(
        {
            "overrides/article.html": '{% extends "!theme/article.html" %}'
            "{% block head_extra %}<meta name=hook content=1>{% endblock %}"
            "{% block after_entry %}<p id=hook>After.</p>{% endblock %}"
        }
    )
    page = Page.parse(
        site.build('THEME_TEMPLATES_OVERRIDES = ["overrides"]\n').read("first/index.html")
    )
    assert page.one("meta", name="hook") is not None
    assert page.text(id="hook") == "After."
