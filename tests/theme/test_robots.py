"""What robots read: the sitemap and robots.txt."""

from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from tests.site import Build, Site
from tests.theme.conftest import SETTINGS

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BLOG = "https://blog.example/"


def places(text: str) -> dict[str, str | None]:
    """The addresses of a sitemap below the blog's own, and when each page last changed."""
    root = ET.fromstring(text)  # noqa: S314  # our own output
    assert root.tag == f"{SPACE}urlset"
    found = {}
    for url in root:
        assert url.tag == f"{SPACE}url"
        assert [each.tag.removeprefix(SPACE) for each in url] in (["loc"], ["loc", "lastmod"])
        address = url.findtext(f"{SPACE}loc") or ""
        assert address.startswith(BLOG)
        assert address not in found
        found[address.removeprefix(BLOG)] = url.findtext(f"{SPACE}lastmod")
    return found


def test_the_sitemap_lists_what_everybody_may_read(blog: Build) -> None:
    listed = places(blog.read("sitemap.xml"))
    assert set(listed) == {
        "",
        "long/",
        "wave/",
        "de/wave/",
        "open/",
        "shut/",
        "quiet/",
        "about-us/",
        "category/art/",
        "category/business/",
        "category/business/networking/",
        "tag/one/",
        "tag/two/",
        "tag/three/",
        "author/ann-author/",
    }
    for address in listed:
        assert (blog.output / address / "index.html").is_file()


def test_the_sitemap_knows_when_pages_changed_and_no_clock(site: Site) -> None:
    site.post("plain", date="2026-01-02 03:04")
    site.post("changed", date="2026-01-02", modified="2026-02-01")
    site.post("answered", date="2026-01-02", modified="2026-02-01")
    site.write({"content/pages/about.md": "Title: About\n\nUs.\n"})
    site.response("answered", "1", date="2026-03-01T12:00:00+00:00")
    listed = places(site.build(SETTINGS).read("sitemap.xml"))
    assert listed["plain/"] == "2026-01-02T03:04:00+00:00"
    assert listed["changed/"] == "2026-02-01T00:00:00+00:00"
    assert listed["answered/"] == "2026-03-01T12:00:00+00:00"
    assert listed["about/"] is None
    for moment in filter(None, listed.values()):
        assert datetime.fromisoformat(moment).tzinfo is not None


def test_the_sitemap_lists_no_page_that_is_not_written(site: Site) -> None:
    site.post("first", tags="t")
    nowhere = 'TAG_SAVE_AS = ""\nAUTHOR_SAVE_AS = ""\nCATEGORY_SAVE_AS = ""\nPLUGINS = []\n'
    build = site.build(SETTINGS + nowhere)
    assert set(places(build.read("sitemap.xml"))) == {"", "first/"}


@pytest.mark.parametrize("title", ["a&b", "ü"])
def test_addresses_are_escaped(site: Site, title: str) -> None:
    site.post("first")
    build = site.build(SETTINGS + f'ARTICLE_URL = "{title}/"\nARTICLE_SAVE_AS = "x/index.html"\n')
    assert f"{title}/" in places(build.read("sitemap.xml"))


def test_robots_may_read_everything_and_are_told_where(blog: Build) -> None:
    assert blog.read("robots.txt").split("\n") == [
        "User-agent: *",
        "Disallow:",
        "",
        f"Sitemap: {BLOG}sitemap.xml",
    ]
