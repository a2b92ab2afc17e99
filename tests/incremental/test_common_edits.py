"""What a build renders after the edits that authors make every day: so many pages and no more."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from incremental.state import State, file_for
from tests.incremental.workshop import Specimen, Workshop, rendered, workshop
from tests.site import ROOT, Site

pytestmark = pytest.mark.builds

_SETTINGS: Final = """
THEME = "theme"
DEFAULT_PAGINATION = 6
PAGINATED_TEMPLATES = {"index": None, "category": None, "tag": None}
MONTH_ARCHIVE_SAVE_AS = "archives/{date:%Y}/{date:%m}/index.html"
INCREMENTAL_JOBS = 2
"""
_POSTS: Final = 30
# All that there is: posts, a page, six pages of posts, three lists of ten on two pages each,
# five tags, the author, four lists of lists, three months.
_ALL: Final = _POSTS + 1 + 5 + 3 * 2 + 5 + 1 + 4 + 3


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    with workshop() as one:
        yield one


@pytest.fixture
def specimen(shop: Workshop, tmp_path: Path) -> Specimen:
    """A blog of thirty posts in our own theme, with some responses, built."""
    specimen = Specimen(Site(tmp_path), shop)
    shutil.copytree(ROOT / "theme", tmp_path / "theme")
    specimen.set(_SETTINGS)
    for number in range(_POSTS):
        write(specimen, number)
    for number in (3, 17):
        specimen.site.response(f"p{number:02}", "1")
    specimen.site.write(
        {
            "content/pages/about.md": "Title: About\n\nUs.\n",
            "content/images/a.txt": "A",
            "content/categories/c1.md": "All of the second kind.",
        }
    )
    assert len(build(specimen)) == _ALL
    return specimen


def write(specimen: Specimen, number: int, body: str = "Text.", **metadata: str) -> None:
    """Write a post: ten a month, in one of three categories and one of five tags."""
    month, day = divmod(number, 10)
    usual = {
        "title": f"Number {number}",
        "tags": f"t{number % 5}",
        "category": f"C{number % 3}",
        "date": f"2026-{month + 1:02}-{day + 1:02}",
    }
    specimen.site.post(f"p{number:02}", body, **(usual | metadata))


def append(path: Path, text: str = "\n") -> None:
    path.write_text(path.read_text() + text)


def build(specimen: Specimen) -> set[str]:
    """Build once more; return the pages that were rendered."""
    build = specimen.build()
    assert build.status == 0, build.log
    return set(rendered(build))


def subjects(specimen: Specimen) -> Mapping[str, bytes]:
    """All posts and the like, and what tells whether one has changed."""
    with State.open(file_for(specimen.root / "var/build", specimen.root / "output")) as state:
        return state.known().subjects


def page(number: int) -> str:
    return f"p{number:02}/index.html"


# The lists that show post 17.
_LISTS: Final = {
    "index3.html",
    "category/c2/index.html",
    "tag/t2/index.html",
    "author/ann-author/index.html",
    "archives/2026/02/index.html",
}


def test_what_was_just_read_is_what_is_there_again(specimen: Specimen) -> None:
    before = subjects(specimen)
    assert any(name.startswith("Article") for name in before)
    assert build(specimen) == set()
    assert subjects(specimen) == before


def test_an_edited_post_is_rendered_with_what_shows_it(specimen: Specimen) -> None:
    for path in specimen.root.glob("content/**/*.md"):
        path.touch()
    assert build(specimen) == set()
    write(specimen, 17, "Other text.")
    assert build(specimen) == {page(17)} | _LISTS
    write(specimen, 17, "Other text.", title="Another one")
    around = {page(17), page(16), page(18), "archives.html", "index.html"}
    related = set(map(page, (2, 7, 12, 22, 27)))
    assert around | _LISTS <= build(specimen) <= around | _LISTS | related
    write(specimen, 17, "Other text.", title="Another one", tags="t2, new")
    again = build(specimen)
    assert again >= {page(17), "tag/new/index.html", "tags.html"} | _LISTS
    assert len(again) <= 12
    specimen.prove()


def test_a_new_post_is_rendered_with_its_neighbours_and_lists(specimen: Specimen) -> None:
    write(specimen, _POSTS)
    new = build(specimen)
    posts = {name for name in new if name.startswith("p")}
    assert posts >= {page(_POSTS), page(_POSTS - 1)}
    # Those of the same tag and category may have one more to be read next.
    assert len(posts) <= 8
    # Six pages of posts, two of the category, two of the tag, the author, the month, and the
    # lists of categories, tags, authors and all.
    assert len(new - posts) <= 6 + 2 + 2 + 1 + 1 + 4
    (specimen.root / f"content/posts/p{_POSTS}.md").unlink()
    assert build(specimen) <= new - {page(_POSTS)}
    specimen.prove()


def test_a_response_is_rendered_where_it_is_shown_or_counted(specimen: Specimen) -> None:
    specimen.site.response("p17", "2", "Second.")
    assert build(specimen) == {page(17), "index.html"} | _LISTS
    (specimen.root / "content/comments/p17/2.md").unlink()
    assert build(specimen) == {page(17), "index.html"} | _LISTS
    assert build(specimen) == set()


def test_a_page_is_rendered_and_all_others_only_if_the_menu_shows_it(specimen: Specimen) -> None:
    specimen.site.write({"content/pages/about.md": "Title: About\n\nYou.\n"})
    assert build(specimen) == {"about/index.html"}
    append(specimen.root / "content/categories/c1.md", " And more.")
    assert build(specimen) == {"category/c1/index.html", "category/c1/index2.html"}
    specimen.site.write({"content/images/a.txt": "Another"})
    append(specimen.root / "theme/static/style.css")
    assert build(specimen) == set()
    specimen.site.write({"content/pages/about.md": "Title: About us\n\nYou.\n"})
    assert len(build(specimen)) == _ALL


def test_a_template_is_rendered_on_the_pages_that_use_it(specimen: Specimen) -> None:
    append(specimen.root / "theme/templates/category.html")
    ends = ("", "2")
    assert build(specimen) == {f"category/c{n}/index{end}.html" for n in range(3) for end in ends}
    append(specimen.root / "theme/templates/partials/site_footer.html")
    assert len(build(specimen)) == _ALL
    specimen.set(_SETTINGS + 'SITENAME = "Another"\n')
    assert len(build(specimen)) == _ALL
    assert build(specimen) == set()
