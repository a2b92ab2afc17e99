"""Categories in the real Pelican."""

import re
from pathlib import Path

import pytest

from tests.site import Build, Site

PLAIN = """
THEME = "simple"
PLUGINS = ["categories"]
THEME_TEMPLATES_OVERRIDES = ["overrides"]
DEFAULT_PAGINATION = 2
PAGINATED_TEMPLATES = {"category": None}
PAGINATION_PATTERNS = [
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
]
"""
OVERRIDES = {
    "overrides/category.html": "{{ category.full_name }}|{{ category.depth }}|{{ category.count }}|"
    "{{ category.ancestors|join('>') }}|{{ category.children|join(',') }}|"
    "{{ category.description }}|{% for a in articles_page.object_list %}{{ a.slug }} {% endfor %}",
    "overrides/article.html": "{{ article.category }}: {{ article.categories|join(', ') }}"
    " {{ article.content }}",
    "overrides/index.html": "{% for category, articles in categories %}"
    "{{ category.slug }}={{ articles|length }}\n{% endfor %}",
}


@pytest.fixture
def blog(site: Site) -> Site:
    """A blog whose theme says what it is given."""
    site.write(OVERRIDES)
    return site


def counts(build: Build) -> dict[str, int]:
    """The categories that the theme was given, with the number of their posts."""
    assert build.status == 0, build.log
    pairs = (line.split("=") for line in build.read("index.html").split())
    return {slug: int(number) for slug, number in pairs}


def test_a_post_stands_in_all_its_categories_and_those_above_them(blog: Site) -> None:
    blog.post("one", category="Advice, Business/Networking, Food For Thought")
    blog.post("two", category="business, Advice")
    build = blog.build(PLAIN)
    assert counts(build) == {
        "advice": 2,
        "business": 2,
        "business/networking": 1,
        "food-for-thought": 1,
    }
    assert build.read("one/index.html").startswith("Advice: Advice, Networking, Food For Thought")
    assert build.read("category/business/index.html") == "Business|0|2||Networking||one two "
    nested = build.read("category/business/networking/index.html")
    assert nested == "Business/Networking|1|1|Business|||one "


def test_a_post_in_a_category_and_below_it_is_listed_once(blog: Site) -> None:
    blog.post("one", category="A, A/B, A/B/C, a")
    build = blog.build(PLAIN)
    assert counts(build) == {"a": 1, "a/b": 1, "a/b/c": 1}


def test_a_single_category_and_a_folder_work_as_they_always_did(blog: Site) -> None:
    blog.post("single", category="Solo")
    blog.write({"content/posts/travel/there.md": "Title: There\nDate: 2026-01-01\n\nX\n"})
    assert counts(blog.build(PLAIN)) == {"solo": 1, "travel": 1}


def test_the_first_file_decides_the_spelling_in_any_order_of_reading(blog: Site) -> None:
    for number in range(12):
        blog.post(
            f"post-{number:02}", category="Food for thought" if number else "FOOD for Thought"
        )
    pages = {
        blog.build(PLAIN, environment={"PYTHONHASHSEED": seed}).read(
            "category/food-for-thought/index.html"
        )
        for seed in ("0", "1", "2")
    }
    assert len(pages) == 1
    assert pages.pop().startswith("FOOD for Thought|")


def test_translations_hidden_posts_and_drafts_have_categories_but_are_not_counted(
    blog: Site,
) -> None:
    blog.post("one", category="A")
    blog.post("two", category="A/B", status="hidden")
    blog.post("three", category="A/B", status="draft")
    blog.write(
        {
            "content/posts/eins.md": "Title: Eins\nDate: 2026-01-02\nSlug: one\n"
            "Lang: de\nCategory: A/C\n\nX\n"
        }
    )
    build = blog.build(PLAIN)
    assert counts(build) == {"a": 1}
    assert build.read("two/index.html").startswith("B: B")
    assert build.read("drafts/three/index.html").startswith("B: B")
    assert build.read("de/one/index.html").startswith("C: C")


def test_nothing_is_written_outside_the_category_folder(blog: Site) -> None:
    blog.post("one", category="../../escape, /etc/passwd, !!!, ..")
    build = blog.build(PLAIN)
    assert set(counts(build)) == {"etc", "etc/passwd"}
    assert "one.md: category '..' makes no address" in build.log
    assert not (blog.root / "escape").exists()


def test_descriptions_lie_where_the_slugs_say(blog: Site) -> None:
    blog.post("one", category="Business/Networking")
    blog.write(
        {
            "content/categories/business.md": "Title: The Business\n\nAbout *it*.\n",
            "content/categories/business/networking.md": "Coffee, ![x]({static}/images/x.png)\n",
            "content/categories/nobody.md": "Empty.\n",
            "content/images/x.png": b"png",
        }
    )
    build = blog.build(PLAIN)
    assert "The Business|0|1||Networking|<p>About <em>it</em>.</p>" in build.read(
        "category/business/index.html"
    )
    nested = build.read("category/business/networking/index.html")
    assert nested.startswith("The Business/Networking|1|1|The Business||<p>Coffee")
    assert "https://blog.example/images/x.png" in nested
    assert "images/x.png" in build.files()
    assert "categories/nobody.md: no post is in category nobody" in build.log
    assert not [name for name in build.files() if "nobody" in name]


def test_a_description_can_say_what_it_is_of(blog: Site) -> None:
    blog.post("one", category="Law & Order/At Work")
    blog.write(
        {
            "content/categories/anywhere/x.md": "Describes: Law & Order/At Work\n\nHere.\n",
            "content/categories/law-order.md": "There.\n",
            "content/categories/z.md": "Describes: Law & Order\n\nToo late.\n",
        }
    )
    build = blog.build(PLAIN)
    assert "<p>Here.</p>" in build.read("category/law-order/at-work/index.html")
    assert "<p>There.</p>" in build.read("category/law-order/index.html")
    assert "categories/z.md: law-order is described by another file, too" in build.log


def test_tags_have_descriptions_and_stay_in_order(blog: Site) -> None:
    blog.post("one", tags="Zebra, Tea & Cake, apple")
    blog.post("two", tags="Mint, tea & cake")
    blog.write(
        {
            "overrides/tag.html": "{{ tag }}|{{ articles|length }}|{{ tag.description }}",
            "overrides/index.html": "{% for tag, of in tags|sort %}"
            "{{ tag.slug }}={{ of|length }}\n{% endfor %}",
            "content/tags/mint.md": "See [one]({filename}/posts/one.md).\n",
            "content/tags/t.md": "Describes: Tea & Cake\n\n*Both.*\n",
            "content/tags/nobody.md": "Empty.\n",
        }
    )
    build = blog.build(PLAIN + 'ARTICLE_PATHS = [""]\nPAGE_PATHS = ["pages"]\n')
    assert list(counts(build).items()) == [("apple", 1), ("mint", 1), ("tea-cake", 2), ("zebra", 1)]
    assert build.read("tag/tea-cake/index.html") == "Tea & Cake|2|<p><em>Both.</em></p>"
    assert build.read("tag/zebra/index.html") == "Zebra|1|"
    assert 'href="https://blog.example/one/"' in build.read("tag/mint/index.html")
    assert "tags/nobody.md: no post has the tag nobody" in build.log


def test_descriptions_are_no_posts(blog: Site) -> None:
    blog.post("one", category="A")
    blog.write({"content/categories/a.md": "Title: Description\nDate: 2026-01-01\n\nX\n"})
    build = blog.build(PLAIN + 'ARTICLE_PATHS = [""]\nPAGE_PATHS = ["pages"]\n')
    assert "description/index.html" not in build.files()


def test_a_long_category_has_pages_below_its_own(blog: Site) -> None:
    for number in range(5):
        blog.post(f"post-{number}", category="A/B")
    files = blog.build(PLAIN).files()
    assert {"category/a/b/index.html", "category/a/b/page/3/index.html"} <= set(files)


def test_a_link_to_a_nested_category_resolves(blog: Site) -> None:
    blog.post("one", "[x]({category}Business/Net working)", category="Business/Net working")
    page = blog.build(PLAIN).read("one/index.html")
    assert 'href="https://blog.example/category/business/net-working/"' in page


def test_a_cached_build_is_the_same(blog: Site) -> None:
    blog.post("one", category="A/B, C")
    cached = PLAIN + "CACHE_CONTENT = True\nLOAD_CONTENT_CACHE = True\n"
    for layer in ("reader", "generator"):
        settings = cached + f'CONTENT_CACHING_LAYER = "{layer}"\nCACHE_PATH = "cache-{layer}"\n'
        first, second = blog.build(settings).files(), blog.build(settings).files()
        assert first == second
        assert list(Path(blog.root / f"cache-{layer}").iterdir())


@pytest.mark.parametrize("theme", ["simple", "notmyidea"])
def test_pelicans_own_themes_build(site: Site, theme: str) -> None:
    site.post("one", category="Business/Networking, Advice")
    build = site.build(f'THEME = "{theme}"\nPLUGINS = ["categories"]\n')
    assert build.status == 0, build.log
    assert re.search(r"category/business/networking/\W", build.read("one/index.html"))
