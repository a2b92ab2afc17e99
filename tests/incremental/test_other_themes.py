"""Themes that were not made for us, as they come with Pelican: right, and no slower than needed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.incremental.workshop import Specimen, Workshop, same, workshop
from tests.site import Site

pytestmark = pytest.mark.builds

_SETTINGS: Final = """
DEFAULT_PAGINATION = 3
THEME_TEMPLATES_OVERRIDES = ["overrides"]
YEAR_ARCHIVE_SAVE_AS = "{date:%Y}/index.html"
LINKS = (("Pelican", "https://getpelican.com/"),)
SOCIAL = (("mastodon", "https://mastodon.example/@ann"),)
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    with workshop() as one:
        yield one


@pytest.fixture(params=["simple", "notmyidea"])
def specimen(shop: Workshop, tmp_path: Path, request: pytest.FixtureRequest) -> Specimen:
    """A blog of eight posts in one of Pelican's themes, built."""
    specimen = Specimen(Site(tmp_path), shop)
    specimen.set(f"THEME = {request.param!r}\n" + _SETTINGS)
    for number in range(8):
        write(specimen, number)
    specimen.site.response("p5", "1")
    specimen.site.write(
        {
            "content/pages/about.md": "Title: About\n\nUs. [5]({filename}/posts/p5.md)\n",
            "content/images/a.txt": "A",
            "content/posts/p3-de.md": "Title: Drei\nSlug: p3\nLang: de\nDate: 2026-01-04\n\nEin.",
        }
    )
    specimen.prove()
    return specimen


def write(specimen: Specimen, number: int, body: str = "Text.", **metadata: str) -> None:
    usual = {
        "tags": f"t{number % 2}",
        "category": "Business/Networking" if number % 3 else "Other",
        "date": f"2026-01-{number + 1:02}",
    }
    link = f"\n\n![a]({{static}}/images/a.txt) [before]({{filename}}p{number - 1 or 1}.md)"
    specimen.site.post(f"p{number}", body + link, **(usual | metadata))


def page(number: int) -> str:
    return f"p{number}/index.html"


def test_edits_are_rendered_where_they_show(specimen: Specimen) -> None:
    assert specimen.prove() == {}
    specimen.site.response("p5", "2", "The theme shows no responses.")
    assert specimen.prove() == {}
    write(specimen, 5, "Other text.")
    rendered = specimen.prove().keys()
    assert {name for name in rendered if name.startswith("p")} == {page(5)}
    # It stands on the first page of posts, of its categories, its tag and its author.
    assert len(rendered) <= 6
    path = specimen.root / "content/posts/p5.md"
    path.write_text(path.read_text().replace("Slug: p5", "Slug: other"))
    assert {"other/index.html", page(6), "about/index.html"} <= specimen.prove().keys()
    assert not (specimen.root / "output" / page(5)).exists()
    write(specimen, 8, "New.", tags="t0, new")
    assert {page(8), "tag/new/index.html"} <= specimen.prove().keys()
    (specimen.root / "content/posts/p3.md").unlink()
    (specimen.root / "content/posts/p2.md").unlink()
    specimen.prove()
    specimen.site.write({"overrides/category.html": "{{ category }} {{ articles|length }}"})
    rendered = specimen.prove().keys()
    assert {name.partition("/")[0] for name in rendered} == {"category"}
    (specimen.root / "overrides/category.html").unlink()
    assert specimen.prove().keys() == rendered
    same(specimen.clean_build(), specimen.pelicans_build())
