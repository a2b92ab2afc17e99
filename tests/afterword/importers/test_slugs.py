"""Which file of a site is called what."""

from pathlib import Path

from afterword.importers.slugs import Text, files_by_slug, links, texts_by_guid
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


def test_files_are_found_by_what_feeds_call_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "posts/a-de.md": "Title: Erst\nSlug: first\nGuid: 1\nLang: de\n\nX\n",
            "posts/b.md": "Title: First\nSlug: first\nGuid: 1\n\nX\n",
            "posts/c.md": "Slug: second\nComments: old-key closed\nGuid: https://x.example/?p=2\n\nX",
            "posts/d.rst": "D\n#\n\n:guid: 3\n",
            "pages/e.md": "Title: It's Me\nGuid: 4\n\nGuid: 5\n",
            "pages/f.md": "Title: None\nGuid:\n\nX\n",
            "comments/first/1.md": "author: Dave\nguid: 6\n\nX\n",
        },
    )
    assert texts_by_guid(tmp_path, tmp_path / "comments") == {
        "1": Text("posts/b.md", "first"),
        "https://x.example/?p=2": Text("posts/c.md", "old-key"),
        "3": Text("posts/d.rst", "d"),
        "4": Text("pages/e.md", "its-me"),
    }


def test_a_site_without_files_has_none(tmp_path: Path) -> None:
    assert files_by_slug(tmp_path / "content", tmp_path / "content/comments") == {}


def test_entries_are_linked_by_their_files_or_else_by_their_addresses() -> None:
    listed = {key: entry(key) for key in ("first", "second")}
    assert links(listed, {"first": "posts/2012/a.md", "third": "posts/third.md"}) == {
        "first": "{filename}/posts/2012/a.md",
        "second": "/second/",
    }
