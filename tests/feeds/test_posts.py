"""Feeds made from what Pelican has read."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.model import Category, Format, Item, Person, Replies
from feeds.posts import Posts, documents_of_blog, jobs_of_blog, post_id, public_siteurl

SETTINGS = {"SITEURL": "https://blog.example/", "SITENAME": "A Blog", "DEFAULT_LANG": "en"}
MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass
class Group:
    """A category, tag or author of Pelican's."""

    name: str
    slug: str

    @property
    def url(self) -> str:
        return f"of/{self.slug}/"


@dataclass(eq=False)
class Article:
    """As much of an article of Pelican's as feeds look at."""

    slug: str = "post"
    title: str = "Post"
    date: datetime = MOMENT
    lang: str = "en"
    html: str = "<p>Text</p>"
    category: Any = field(default_factory=lambda: Group("Misc", "misc"))
    metadata: dict[str, str] = field(default_factory=dict)
    times_asked: int = 0

    @property
    def url(self) -> str:
        return f"{self.slug}/"

    def get_content(self, siteurl: str) -> str:
        self.times_asked += 1
        return self.html.replace("SITE", siteurl)

    def get_summary(self, siteurl: str) -> str:
        return self.get_content(siteurl)


@dataclass
class Generator:
    """What Pelican's generator has gathered."""

    articles: list[Article]
    translations: list[Article] = field(default_factory=list)
    categories: list[tuple[Any, list[Article]]] = field(default_factory=list)
    tags: dict[Any, list[Article]] = field(default_factory=dict)
    authors: list[tuple[Any, list[Article]]] = field(default_factory=list)


def item_of(article: Article, **settings: object) -> Item:
    (item,) = Posts(SETTINGS | settings).feed([article]).items
    return item


def test_an_item_is_its_post_with_nothing_relative_in_it() -> None:
    article = Article(
        title="Q&amp;A: <em>Why</em>",
        html='<p>Text <a href="#fn:1">1</a> <a href="SITE/x/">2</a></p>',
    )
    assert item_of(article) == Item(
        id="tag:blog.example,2026-01-02:/post/",
        url="https://blog.example/post/",
        title="Q&A: Why",
        published=MOMENT,
        updated=MOMENT,
        authors=(),
        content=(
            '<p>Text <a href="https://blog.example/post/#fn:1">1</a> '
            '<a href="https://blog.example/x/">2</a></p>'
        ),
        summary="Text 1 2",
        categories=(Category("Misc", "misc", "https://blog.example/categories.html"),),
        language="en",
    )


def test_an_item_has_what_else_its_post_has() -> None:
    article: Any = Article()
    article.modified = MOMENT + timedelta(days=1)
    article.authors = [Group("Ann &amp; Co", "ann")]
    article.tags = [Group("Ärger", "aerger")]
    nested: Any = Group("Networking", "business/networking")
    nested.full_name = "Business/Networking"
    article.categories = [nested, Group("Art", "art")]
    item = item_of(article, TAGS_URL="tag/", CATEGORIES_SAVE_AS="category/index.html")
    category, tag = "https://blog.example/category/index.html", "https://blog.example/tag/"
    assert item.updated == article.modified
    assert item.authors == (Person("Ann & Co", "https://blog.example/of/ann/"),)
    assert item.categories == (
        Category("Business/Networking", "business/networking", category),
        Category("Art", "art", category),
        Category("Ärger", "aerger", tag),
    )


def test_an_item_tells_of_responses_where_a_plugin_has_hung_them_on() -> None:
    article: Any = Article()
    article.comments_count = 4
    article.comments_url = "post/#comments"
    article.comments_feeds = {"atom": "post/comments.atom.xml"}
    replies = Replies(
        4,
        "https://blog.example/post/#comments",
        {Format.ATOM: "https://feeds.example/post/comments.atom.xml"},
    )
    assert item_of(article, FEED_DOMAIN="https://feeds.example").replies == replies
    article.comments_feeds = {}
    assert item_of(article).replies is None
    assert item_of(article).thread == ""
    article.comments_key = "key"
    assert item_of(article).thread == "key"


def test_full_text_can_be_left_out() -> None:
    item = item_of(Article(), FEEDS_SUMMARY_ONLY=True)
    assert (item.content, item.summary) == (None, "Text")


@pytest.mark.parametrize("guid", ["https://old.example/?p=42", "42"])
def test_an_imported_post_keeps_the_name_it_had(guid: str) -> None:
    assert item_of(Article(metadata={"guid": guid})).id == guid


def test_a_page_without_a_date_has_a_name_too() -> None:
    page = SimpleNamespace(url="about/", metadata={})
    assert post_id(page, "https://blog.example") == "tag:blog.example,1970-01-01:/about/"


def test_feeds_are_read_at_the_domain_set_for_them_and_lead_to_the_site() -> None:
    settings = SETTINGS | {"FEED_DOMAIN": "https://feeds.example/"}
    feed = Posts(settings).feed([])
    assert public_siteurl(settings) == "https://feeds.example"
    assert feed.url(Format.RSS) == "https://feeds.example/feeds/all.rss.xml"
    assert feed.page == "https://blog.example/"


def test_the_newest_post_comes_first_and_ties_are_always_broken_alike() -> None:
    articles = [Article("b"), Article("c"), Article("a"), Article("a", lang="de")]
    articles.append(Article("old", date=MOMENT - timedelta(1)))
    names = [(i.url, i.language) for i in Posts(SETTINGS).feed(articles).items]
    assert names == [(i.url, i.language) for i in Posts(SETTINGS).feed(articles[::-1]).items]
    assert names[-1] == ("https://blog.example/old/", "en")


def test_each_group_has_a_feed_that_says_what_it_is() -> None:
    described: Any = Group("Art", "art")
    described.description = "<p>All about <em>art</em></p>"
    groups = [(described, [Article()]), (Group("Law", "law"), []), (Group("!", ""), [Article()])]
    settings = SETTINGS | {"SITESUBTITLE": "A motto", "FEEDS_STYLESHEET": "theme/feed.css"}
    art, law = Posts(settings).feeds_of("category", groups)
    assert (art.title, art.description) == ("A Blog » Art", "All about art")
    assert (art.path, art.page) == ("feeds/category/art", "https://blog.example/of/art/")
    assert art.stylesheet == "https://blog.example/theme/feed.css"
    assert (law.title, law.description, law.items) == ("A Blog » Law", "A motto", ())


def test_a_post_in_many_feeds_is_read_once() -> None:
    article = Article()
    groups = [(Group(name, name), [article]) for name in "abc"]
    generator = Generator([article], categories=groups, authors=groups)
    assert len(list(documents_of_blog(generator, SETTINGS))) == 3 * (1 + 3 + 3)
    assert article.times_asked == 2  # for its text and its summary


def test_a_feed_is_as_it_was_while_its_posts_and_its_settings_are() -> None:
    def inputs(digests: dict[str, bytes], **settings: object) -> dict[str, bytes]:
        articles = [Article("a"), Article("b")]
        generator = Generator(articles, authors=[(Group("Ann", "ann"), articles[:1])])
        posts = Posts(SETTINGS | settings, digest=lambda article: digests[article.slug])
        return {job.path: job.inputs for job in jobs_of_blog(generator, posts)}

    before = inputs({"a": b"1", "b": b"1"})
    assert before == inputs({"a": b"1", "b": b"1"})
    after = inputs({"a": b"1", "b": b"2"})
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"feeds/all.rss.xml", "feeds/all.atom.xml", "feeds/all.json"}
    unknown = inputs({"a": b"1", "b": b""})
    assert (unknown["feeds/all.json"], unknown["feeds/author/ann.json"]) == (
        b"",
        before["feeds/author/ann.json"],
    )
    for name in ("FEEDS_SUMMARY_ONLY", "SITEURL", "SITENAME", "TAGS_URL", "AUTHOR", "FEED_DOMAIN"):
        other = inputs({"a": b"1", "b": b"1"}, **{name: True if name.endswith("ONLY") else "x"})
        assert before.items().isdisjoint(other.items()), name


def test_only_the_feeds_asked_for_have_an_archive() -> None:
    articles = [Article(name) for name in "abc"]
    generator = Generator(articles, categories=[(Group("Art", "art"), articles)])
    few = SETTINGS | {"FEEDS_ITEMS": 1, "FEEDS_ARCHIVE_ITEMS": 1}
    assert archives(generator, few) == ["feeds/all.archive-1-1", "feeds/all.archive-2-2"]
    assert archives(generator, few | {"FEEDS_ARCHIVED": ()}) == []
    assert archives(generator, few | {"FEEDS_ARCHIVED": ("category",)}) == [
        "feeds/category/art.archive-1-1",
        "feeds/category/art.archive-2-2",
    ]


def archives(generator: Generator, settings: dict[str, Any]) -> list[str]:
    paths = (path for path, _ in documents_of_blog(generator, settings))
    return sorted(p.removesuffix(".json") for p in paths if "archive" in p and p.endswith("json"))
