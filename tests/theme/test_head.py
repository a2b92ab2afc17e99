"""What the head of each page announces."""

import pytest

from tests.site import Build
from tests.theme.conftest import SAID, Read
from tests.theme.page import Page

BLOG = "https://blog.example"
EVERYWHERE = ["A Blog » Feed", "A Blog » Comments Feed"]
ANNOUNCED = {
    "index.html": [],
    "archives.html": [],
    "about-us/index.html": [],
    "quiet/index.html": [],
    "long/index.html": [f"A Blog » {SAID} Comments Feed"],
    "shut/index.html": ["A Blog » Shut Comments Feed"],
    "category/business/index.html": ["A Blog » Business Category Feed"],
    "tag/one/index.html": ["A Blog » one Tag Feed"],
    "author/ann-author/index.html": ["A Blog » Posts by Ann Author Feed"],
}


def feeds(page: Page, type_: str) -> dict[str, str]:
    """The announced feeds of a type: address by title."""
    links = page.all("link", rel="alternate", type=type_)
    return {link.get("title", ""): link.get("href", "") for link in links}


@pytest.mark.parametrize(("path", "titles"), ANNOUNCED.items(), ids=list(ANNOUNCED))
def test_feeds_are_announced_as_wordpress_announces_them(
    read: Read, path: str, titles: list[str]
) -> None:
    page = read(path)
    assert list(feeds(page, "application/rss+xml")) == EVERYWHERE + titles
    assert list(feeds(page, "application/atom+xml")) == [
        f"{title} (Atom)" for title in EVERYWHERE + titles
    ]
    assert list(feeds(page, "application/feed+json")) == [
        f"{title} (JSON)" for title in EVERYWHERE + titles
    ]


@pytest.mark.parametrize("path", ANNOUNCED)
def test_every_announced_feed_is_there(read: Read, blog: Build, path: str) -> None:
    for link in read(path).all("link", rel="alternate"):
        if link.get("type"):
            assert (blog.output / link.get("href", "").removeprefix(f"{BLOG}/")).is_file()


@pytest.mark.parametrize(
    ("path", "address"),
    {
        "index.html": "/",
        "index2.html": "/index2.html",
        "long/index.html": "/long/",
        "de/wave/index.html": "/de/wave/",
        "category/business/index.html": "/category/business/",
        "archives/2026/01/index.html": "/archives/2026/01/",
    }.items(),
)
def test_each_page_names_its_own_address(read: Read, path: str, address: str) -> None:
    page = read(path)
    assert page.one("link", rel="canonical").get("href") == BLOG + address
    assert page.one("meta", property="og:url").get("content") == BLOG + address


@pytest.mark.parametrize(
    ("path", "said"),
    {
        "index.html": "Notes & queries",
        "long/index.html": "First paragraph. Second one. code a b 1 2",
        "category/business/index.html": "What goes on & on.",
        "category/art/index.html": "Posts in Art on A Blog",
        "tag/three/index.html": "Neither one nor two.",
        "tag/one/index.html": "Posts tagged one on A Blog",
        "author/ann-author/index.html": "Posts by Ann Author on A Blog",
    }.items(),
)
def test_each_kind_of_page_describes_itself(read: Read, path: str, said: str) -> None:
    page = read(path)
    assert page.one("meta", name="description").get("content") == said
    assert page.one("meta", property="og:description").get("content") == said


def test_what_is_not_for_everybody_asks_not_to_be_indexed(read: Read) -> None:
    for path in ("drafts/unfinished/index.html", "secret/index.html", "404.html"):
        assert read(path).one("meta", name="robots").get("content") == "noindex"
    for path in ("index.html", "long/index.html", "about-us/index.html"):
        assert read(path).all("meta", name="robots") == []


def test_a_translation_and_its_original_name_both(read: Read) -> None:
    for path in ("wave/index.html", "de/wave/index.html"):
        links = [each for each in read(path).all("link", rel="alternate") if each.get("hreflang")]
        assert [(each.get("hreflang"), each.get("href")) for each in links] == [
            ("de", f"{BLOG}/de/wave/"),
            ("en", f"{BLOG}/wave/"),
        ]


def test_neighbours_are_linked(read: Read) -> None:
    post, first, second = read("open/index.html"), read("index.html"), read("index2.html")
    assert post.one("link", rel="prev").get("href") == f"{BLOG}/wave/"
    assert post.one("link", rel="next").get("href") == f"{BLOG}/shut/"
    assert first.one("link", rel="next").get("href") == f"{BLOG}/index2.html"
    assert first.all("link", rel="prev") == []
    assert second.one("link", rel="prev").get("href") == f"{BLOG}/"
    assert second.one("title").text == "A Blog \N{EN DASH} page 2"


def test_the_blog_and_its_maker_are_named(read: Read) -> None:
    page = read("long/index.html")
    assert page.one("meta", property="og:site_name").get("content") == "A Blog"
    assert page.one("meta", property="og:type").get("content") == "article"
    assert read("index.html").one("meta", property="og:type").get("content") == "website"
    assert "Pelican" in page.one("meta", name="generator").get("content", "")


def test_link_previews_have_the_picture_of_a_post(read: Read) -> None:
    pictures = {
        "wave/index.html": f"{BLOG}/images/a%20b.png",
        "open/index.html": "https://else.example/c.png",
    }
    for path, address in pictures.items():
        assert read(path).one("meta", property="og:image").get("content") == address
    assert read("long/index.html").all("meta", property="og:image") == []
