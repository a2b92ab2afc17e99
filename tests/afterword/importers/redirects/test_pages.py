"""Redirects as pages; that they are valid is tried in tests/browser."""

from pathlib import Path

import pytest

from afterword.errors import WriteError
from afterword.importers.redirects.pages import write_pages
from afterword.importers.redirects.redirect import Redirect

ORIGIN = "https://blog.example"


def test_pages_lead_on_and_lie_where_they_are_asked_for(tmp_path: Path) -> None:
    some = (
        Redirect("/2012/first.html/feed/", (), "/first/comments.rss.xml"),
        Redirect("/2012/first.html", (), "/first/"),
        Redirect("/ä", (), "/a/"),
        Redirect("/v1.2/", (), "/v/"),
        Redirect("/", (("p", "7"),), "/first/"),
        Redirect("/wp-content/uploads/x.jpg", (), "/images/x.jpg"),
        Redirect("/wp-rss2.php", (), "/feeds/all.rss.xml"),
        Redirect("/feed/", (), "/feeds/all.rss.xml"),
    )
    assert write_pages(tmp_path, some, ORIGIN) == 4
    written = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert written == {
        *("2012/first.html", "ä/index.html", "v1.2/index.html", "feed/index.html"),
    }
    page = (tmp_path / "2012/first.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=/first/">' in page
    assert '<link rel="canonical" href="https://blog.example/first/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert '<a href="/first/">' in page
    feed = (tmp_path / "feed/index.html").read_text(encoding="utf-8")
    found = '<link rel="alternate" type="application/rss+xml" href="https://blog.example/feeds/'
    assert found in feed


def test_a_site_in_a_sub_directory_has_its_pages_below_that(tmp_path: Path) -> None:
    some = (Redirect("/blog/a/", (), "/blog/b/"), Redirect("/c/", (), "/blog/d/"))
    assert write_pages(tmp_path, some, ORIGIN, "/blog") == 1
    page = (tmp_path / "a/index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://blog.example/blog/b/">' in page


def test_an_address_is_no_markup(tmp_path: Path) -> None:
    write_pages(tmp_path, [Redirect("/a/", (), "/b&c='d'/")], ORIGIN)
    page = (tmp_path / "a/index.html").read_text(encoding="utf-8")
    assert "/b&amp;c=&#x27;d&#x27;/" in page
    assert "/b&c" not in page


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(WriteError):
        write_pages(tmp_path, [Redirect("/a/", (), "/b/")], ORIGIN)
