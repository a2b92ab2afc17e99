"""A blog with one of everything that the theme shows, built once for all tests that read it."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tests.site import Build, Site
from tests.theme.page import Page

SETTINGS = """
SITESUBTITLE = "Notes & queries"
COMMENTS_URL = "/comments/submit"
AUTHOR_BIO = "Ann writes."
MENU = (("Home", ""), ("Archives", "archives.html"))
SHARE_LINKS = (("E-mail", "mailto:?subject={title}&body={url}"),)
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch"}
TEMPLATE_EXTENSIONS = [".html", ".xml", ".txt"]
DIRECT_TEMPLATES = [
    "index", "archives", "categories", "tags", "authors", "404", "sitemap", "robots",
]
SITEMAP_SAVE_AS = "sitemap.xml"
ROBOTS_SAVE_AS = "robots.txt"
YEAR_ARCHIVE_SAVE_AS = "archives/{date:%Y}/index.html"
YEAR_ARCHIVE_URL = "archives/{date:%Y}/"
MONTH_ARCHIVE_SAVE_AS = "archives/{date:%Y}/{date:%m}/index.html"
MONTH_ARCHIVE_URL = "archives/{date:%Y}/{date:%m}/"
DEFAULT_PAGINATION = 3
JINJA_ENVIRONMENT = {"trim_blocks": True, "lstrip_blocks": True, "extensions": []}
"""

# What a title may contain: it is HTML, and says: Salt & "Pepper" <3 🧂
TITLE = 'Salt &amp; "Pepper" <3 🧂'
SAID = 'Salt & "Pepper" <3 🧂'

Read: TypeAlias = Callable[[str], Page]


def fill(site: Site) -> None:
    """Write the posts, pages and responses."""
    site.write(
        {
            "content/pages/about.md": "Title: About *us*\nEnclosure: {static}/song.ogg\n\nUs.\n",
            "content/song.ogg": "la",
            "content/categories/business.md": "What goes on & on.\n",
            "content/tags/three.md": "Neither *one* nor two.\n",
            "content/posts/welle.md": "Title: Welle\nDate: 2026-01-04\nSlug: wave\nLang: de\n\n"
            "Eine Welle.\n",
        }
    )
    site.post(
        "long",
        "First paragraph.\n\nSecond one.\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        date="2025-12-01 10:00",
        modified="2026-02-03 10:00",
        title=TITLE,
        category="Business/Networking, Art",
        tags="one, two, three",
    )
    site.post("wave", date="2026-01-04", category="Art", tags="one", image="images/a%20b.png")
    site.post(
        "open",
        date="2026-01-05",
        category="Business",
        image="https://else.example/c.png",
        enclosure="https://else.example/My%20talk.mp3?a=1&b=2 2048",
    )
    site.post("shut", date="2026-01-06", category="Art", comments="closed")
    site.post("quiet", date="2026-01-07", category="Art", comments="closed")
    site.post("secret", date="2026-01-08", status="hidden")
    site.post("unfinished", date="2026-01-09", status="draft")
    long = {
        "17": {"author": "Dave", "website": "https://dave.example/?a=1&b=2"},
        "18": {"author": "Ann Author", "replyto": "17", "role": "author"},
        "19": {"author": "שלום <b>", "replyto": "18"},
        "23": {"author": "Elsewhere", "kind": "pingback", "website": "https://else.example/"},
    }
    for number, (id_, header) in enumerate(long.items()):
        site.response("long", id_, f"Words of {id_}.", date=f"2026-01-1{number}T09:26:00", **header)
    site.response("shut", "30", "Too late.")


@pytest.fixture(scope="session")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The built blog."""
    site = Site(tmp_path_factory.mktemp("blog"))
    fill(site)
    build = site.build(SETTINGS)
    assert build.status == 0, build.log
    assert "WARNING" not in build.log
    return build


@pytest.fixture(scope="session")
def read(blog: Build) -> Read:
    """Parse one page of the built blog."""

    def parse(name: str) -> Page:
        return Page.parse(blog.read(name))

    return parse


def text_after(page: Page, class_: str) -> str:
    """What a link to the next or the last page says, without its arrow."""
    return page.text("a", class_).strip("←→ ")
