"""Blogs of WordPress, imported and read by Pelican: all is as it was there."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from pelican.readers import MarkdownReader
from pelican.settings import read_settings

from afterword.importers import fields
from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.store.memory import MemoryStore
from categories import line
from tests.afterword.importers.conftest import Target
from tests.afterword.importers.wxr.blogs import Blog, Group, Written, blogs
from tests.afterword.store.conftest import Clock
from tests.site import ROOT

FOLDERS: Final = {"post": "posts", "page": "pages", "category": "categories", "post_tag": "tags"}
# The site's typography makes others of these.
TYPOGRAPHY: Final = re.compile("[\\s\"'\u201c\u201d\u2018\u2019.\u2026\u2013\u2014-]+")

Read = tuple[Path, str, Mapping[str, Any]]
"""A file, the text that Pelican makes of it, and what it says of itself."""


@pytest.fixture(scope="module")
def reader() -> Iterator[MarkdownReader]:
    """Reads files as the demonstration blog does."""
    log = logging.getLogger("pelican")
    before = log.level
    log.setLevel(logging.ERROR)
    yield MarkdownReader(read_settings(str(ROOT / "pelicanconf.py")))
    log.setLevel(before)


@settings(max_examples=30)
@given(blogs())
def test_pelican_reads_what_was_there(
    tmp_path_factory: pytest.TempPathFactory, reader: MarkdownReader, blog: Blog
) -> None:
    root = tmp_path_factory.mktemp("site")
    file = root / "blog.xml"
    file.write_text(blog.xml(), encoding="utf-8", newline="")
    source = WordPress((file,), Desk(FOLDERS))
    target = Target(root, MemoryStore(Clock()), {})
    first = target.take_from(source)
    before = _files(root / "content")
    again = target.take_from(source)
    assert (again.entries, again.already, again.skipped) == (0, first.entries, first.skipped)
    assert _files(root / "content") == before
    read = [(path, *reader.read(str(path))) for path in sorted((root / "content").rglob("*.md"))]
    _check_posts(blog, [each for each in read if "guid" in each[2]])
    _check_descriptions(blog, [each for each in read if "guid" not in each[2]])


def _files(folder: Path) -> Mapping[str, tuple[bytes, int]]:
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*.md")
    }


def _check_posts(blog: Blog, read: Sequence[Read]) -> None:
    slugs = {told["slug"].casefold() for _, _, told in read}
    assert len(slugs) == len(read) == len(blog.posts)
    by_number = {int(each[2]["guid"].rpartition("=")[2]): each for each in read}
    for post in blog.posts:
        _check_post(post, blog, *by_number[post.number])


def _check_post(post: Written, blog: Blog, path: Path, body: str, told: Mapping[str, Any]) -> None:
    assert path.stem == told["slug"]
    assert told["title"] == (_line(post.title) or told["slug"])
    assert told["date"].isoformat() == "2012-03-14T10:00:00+01:00"
    writer = (blog.authors[0] or "writer0") if post.author == "writer0" else "nobody"
    assert [str(each) for each in told.get("authors", ())] == _listed(writer)
    tags = _listed(*(each.name or each.slug for each in post.tags))
    assert [str(each) for each in told.get("tags", ())] == tags
    paths = dict.fromkeys(_path(each, blog) for each in post.categories)
    assert line.parse(str(told.get("category", ""))) == tuple(each for each in paths if each)
    assert _seen(told.get("summary", "")) == _squeezed(post.excerpt)
    assert _seen(body) == _squeezed("".join(each.said for each in post.pieces))


def _check_descriptions(blog: Blog, read: Sequence[Read]) -> None:
    found = {(told["describes"], _seen(body)) for _, body, told in read}
    categories, tags = blog.used()
    due = {
        ("/".join(path), _squeezed(each.about))
        for each in categories
        if (path := _path(each, blog)) and (each.about or path[-1] != _line(each.name or each.slug))
    }
    due |= {
        (name, _squeezed(each.about))
        for each in tags
        if each.about
        for name in _listed(each.name or each.slug)
    }
    assert found == due


def _seen(html: str) -> str:
    return _squeezed(BeautifulSoup(html, "html.parser").get_text())


def _squeezed(text: str) -> str:
    return TYPOGRAPHY.sub("", text)


def _line(text: str) -> str:
    return fields.line(text.replace("\r\n", "\n"))


def _listed(*given: str) -> Sequence[str]:
    lines = (_line(each).replace(";", ",") for each in given)
    return [*dict.fromkeys(each for each in lines if each)]


def _path(group: Group, blog: Blog) -> tuple[str, ...]:
    lines = (_line(each.name or each.slug) for each in blog.lineage(group))
    segments = (" ".join(each.replace("/", "-").replace(",", " ").split()) for each in lines)
    return tuple(each for each in segments if each)
