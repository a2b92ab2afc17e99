"""Pages that list posts: the index, categories, tags, authors, dates, archives."""

import pytest

from tests.site import Build, Site
from tests.theme.conftest import SAID, SETTINGS, Read, text_after
from tests.theme.page import Page, text_of

HEADINGS = {
    "category/business/index.html": "Category Archives: Business",
    "category/business/networking/index.html": "Category Archives: Networking",
    "tag/one/index.html": "Tag Archives: one",
    "author/ann-author/index.html": "Author Archives: Ann Author",
    "archives/2026/index.html": "Yearly Archives: 2026",
    "archives/2026/01/index.html": "Monthly Archives: January 2026",
    "archives.html": "Archives",
    "categories.html": "Topics",
    "tags.html": "Tags",
    "authors.html": "Authors",
}


def entry(page: Page, title: str) -> Page:
    """The part of a list that is about one post."""
    return next(
        part for part in map(Page, page.all("article", "entry")) if part.text("h2") == title
    )


@pytest.mark.parametrize(("path", "heading"), HEADINGS.items(), ids=list(HEADINGS))
def test_each_list_says_what_it_lists(read: Read, path: str, heading: str) -> None:
    page = read(path)
    assert page.texts("h1") == [heading]
    assert page.text("title") == f"{heading} | A Blog"


def test_the_index_bears_the_name_of_the_blog(read: Read) -> None:
    page = read("index.html")
    assert page.texts("h1") == ["A Blog"]
    assert page.text("title") == "A Blog"
    assert page.text(class_="site-description") == "Notes & queries"


def test_a_listed_post_is_a_summary(read: Read) -> None:
    post = entry(read("category/art/index2.html"), SAID)
    assert post.text(class_="entry-meta") == "Posted on 1 December 2025 by Ann Author"
    assert post.text(class_="entry-summary") == "First paragraph. Second one. code a b 1 2"
    assert post.text(class_="read-on") == f"Continue reading {SAID} →"
    assert [text_of(each) for each in post.one(class_="utility")] == [
        "Posted in Networking, Art",
        "Tagged one, two, three",
        f"4 Responses to {SAID}",
    ]


def test_counts_say_what_can_be_done(read: Read) -> None:
    counts = {"Quiet": [], "Shut": ["1 Response to Shut"], "Open": ["Leave a response to Open"]}
    page = read("index.html")
    for title, said in counts.items():
        assert entry(page, title).texts("a", "comments-link") == said


def test_a_category_shows_its_place_and_its_description(read: Read) -> None:
    parent = read("category/business/index.html")
    assert parent.text(class_="archive-description") == "What goes on & on."
    assert parent.text(class_="subcategories") == "Within it: Networking 1"
    assert parent.texts("h2") == ["Open", SAID]
    child = read("category/business/networking/index.html")
    assert child.text(class_="breadcrumb") == "Business /"
    assert child.texts("h2") == [SAID]
    assert child.all(class_="archive-description") == []


def test_a_tag_shows_its_description(read: Read) -> None:
    assert read("tag/three/index.html").text(class_="archive-description") == "Neither one nor two."
    assert read("tag/one/index.html").all(class_="archive-description") == []


def test_long_lists_are_paged(read: Read) -> None:
    first, second = read("index.html"), read("index2.html")
    assert first.text(class_="pagination") == "← Older posts Page 1 of 2"
    assert second.text(class_="pagination") == "Page 2 of 2 Newer posts →"
    assert text_after(first, "older") == "Older posts"
    assert second.one("a", "newer").get("href") == "https://blog.example/"
    assert read("tag/one/index.html").all(class_="pagination") == []


def test_archives_go_by_year_and_month_with_counts(read: Read) -> None:
    page = read("archives.html")
    assert page.texts("h2") == ["2026 4", "2025 1"]
    assert page.texts("h3") == ["January 2026 4", "December 2025 1"]
    assert page.texts("li", "h-entry") == ["7 Quiet", "6 Shut", "5 Open", "4 Wave", f"1 {SAID}"]
    addresses = [a.get("href", "") for each in page.all("h2") for a in each.iter("a")]
    assert [address.removeprefix("https://blog.example") for address in addresses] == [
        "/archives/2026/",
        "/archives/2025/",
    ]


def test_a_date_without_pages_lists_all_its_posts(read: Read) -> None:
    assert read("archives/2026/index.html").texts("h2") == ["Quiet", "Shut", "Open", "Wave"]


def test_topics_are_a_tree_with_counts(read: Read) -> None:
    tree = read("categories.html").within("ul", "category-tree")
    assert [text_of(each) for each in tree.root] == ["Art 4", "Business 2 Networking 1"]


def test_tags_and_authors_are_listed_with_counts(read: Read) -> None:
    assert read("tags.html").texts("li")[-3:] == ["one 2", "three 1", "two 1"]
    assert read("authors.html").texts("li")[-1:] == ["Ann Author 5"]


def test_beside_the_index_stands_what_wordpress_keeps_there(read: Read) -> None:
    aside = read("index.html").within("aside")
    assert aside.texts("h2") == ["Recent responses", "Topics", "Archives"]
    assert f"Dave on {SAID}" in aside.texts("li")
    assert "January 2026 4" in aside.texts("li")
    assert read("index.html").one("main").get("class") == "list with-overview"


def test_beside_older_posts_stands_nothing_that_changes_with_newer_ones(read: Read) -> None:
    older = read("index2.html")
    assert older.all("aside") == []
    assert older.one("main").get("class") == "list"


def test_an_index_of_one_page_has_everything_beside_it(site: Site) -> None:
    site.post("first")
    build = site.build(f"{SETTINGS}PAGINATED_TEMPLATES = {{}}\n")
    assert Page.parse(build.read("index.html")).within("aside").texts("h2") == [
        "Topics",
        "Archives",
    ]


def test_every_page_leads_to_the_feeds(read: Read, blog: Build) -> None:
    links = read("long/index.html").within("footer", "site-footer").all("a")
    feeds = [a.get("href", "").removeprefix("https://blog.example/") for a in links]
    assert len([feed for feed in feeds if (blog.output / feed).is_file()]) == 6


def test_the_menu_shows_where_one_is(read: Read) -> None:
    for path, current in {
        "index.html": "Home",
        "archives.html": "Archives",
        "about-us/index.html": "About *us*",
    }.items():
        marked = [a for a in read(path).within("nav", "menu").all("a") if a.get("aria-current")]
        assert [text_of(a) for a in marked] == [current]


def test_a_missing_page_offers_others(read: Read) -> None:
    page = read("404.html")
    assert page.text("h1") == "Nothing lives at this address"
    links = [a.get("href") for a in page.within(class_="entry-content").all("a")]
    assert "https://blog.example/archives.html" in links
    assert "https://blog.example/quiet/" in links
