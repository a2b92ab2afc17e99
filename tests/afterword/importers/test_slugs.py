"""Which file of a site is called what."""

from pathlib import Path

from afterword.importers.slugs import files_by_slug, links
from tests.afterword.importers.conftest import entry


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_files_say_what_they_are_called(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "posts/2012/a.md": "Title: A\nSlug: first\n\nSlug: no\n",
            "posts/named.md": "Title: It's *Très* Named!\n\nX\n",
            "posts/first-de.md": "Title: Erst\nSlug: first\nLang: de\n\nX\n",
            "posts/first.md": "Title: Another\nSlug: other\n\nX\n",
            "posts/old.rst": "Old\n###\n\n:slug: older\n:date: 2012-01-01\n\nX\n",
            "pages/kept.md": "Title: Kept\nComments: old-key closed\n\nX\n",
            "pages/odd.md": "Comments: ../x\n\nX\n",
            "comments/first/1.md": "author: Dave\nslug: response\n\nX\n",
            "images/x.png": "slug: picture\n",
        },
    )
    found = files_by_slug(tmp_path, tmp_path / "comments")
    assert found == {
        "a": "posts/2012/a.md",
        "first": "posts/2012/a.md",
        "named": "posts/named.md",
        "its-tres-named": "posts/named.md",
        "first-de": "posts/first-de.md",
        "other": "posts/first.md",
        "another": "posts/first.md",
        "erst": "posts/first-de.md",
        "old": "posts/old.rst",
        "older": "posts/old.rst",
        "kept": "pages/kept.md",
        "old-key": "pages/kept.md",
        "odd": "pages/odd.md",
    }


def test_a_site_without_files_has_none(tmp_path: Path) -> None:
    assert files_by_slug(tmp_path / "content", tmp_path / "content/comments") == {}


def test_entries_are_linked_by_their_files_or_else_by_their_addresses() -> None:
    listed = {key: entry(key) for key in ("first", "second")}
    assert links(listed, {"first": "posts/2012/a.md", "third": "posts/third.md"}) == {
        "first": "{filename}/posts/2012/a.md",
        "second": "/second/",
    }
