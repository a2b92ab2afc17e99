"""What to read next, in the real Pelican."""

import pytest

from tests.site import Site

PLAIN = """
THEME = "simple"
PLUGINS = ["categories", "related"]
THEME_TEMPLATES_OVERRIDES = ["overrides"]
"""


@pytest.fixture
def blog(site: Site) -> Site:
    """A blog whose posts say what is around them."""
    site.write(
        {
            "overrides/article.html": "{{ article.prev_article.slug }}<"
            "{{ article.next_article.slug }}:"
            "{{ article.related_posts|map(attribute='slug')|join(' ') }}"
        }
    )
    return site


def test_posts_know_their_neighbours_and_relatives(blog: Site) -> None:
    blog.post("oldest", date="2026-01-01", tags="tea", category="A")
    blog.post("middle", date="2026-01-02", tags="tea, cake", category="B")
    blog.post("newest", date="2026-01-03", tags="cake", category="A")
    build = blog.build(PLAIN)
    assert build.read("oldest/index.html") == "<middle:middle newest"
    assert build.read("middle/index.html") == "oldest<newest:newest oldest"
    assert build.read("newest/index.html") == "middle<:middle oldest"


def test_how_many_is_a_setting(blog: Site) -> None:
    for number in range(6):
        blog.post(f"post-{number}", date=f"2026-01-0{number + 1}", tags="tea")
    page = blog.build(PLAIN + "RELATED_POSTS = 2\n").read("post-0/index.html")
    assert page == "<post-1:post-5 post-4"


def test_hidden_posts_and_drafts_are_nobodys_neighbours(blog: Site) -> None:
    blog.post("shown", tags="tea")
    blog.post("hidden", tags="tea", status="hidden")
    blog.post("draft", tags="tea", status="draft")
    build = blog.build(PLAIN)
    assert build.read("shown/index.html") == "<:"
    assert build.read("hidden/index.html") == "<:"


def test_it_works_without_the_other_plugins(blog: Site) -> None:
    blog.post("one", date="2026-01-01", category="A")
    blog.post("two", date="2026-01-02", category="A")
    build = blog.build(PLAIN + 'PLUGINS = ["related"]\n')
    assert build.read("one/index.html") == "<two:two"


def test_it_works_where_posts_have_no_category(blog: Site) -> None:
    blog.post("one", date="2026-01-01", tags="tea")
    blog.post("two", date="2026-01-02", tags="tea")
    build = blog.build(PLAIN + 'PLUGINS = ["related"]\nCATEGORY_SAVE_AS = ""\n')
    assert build.read("one/index.html") == "<two:two"
