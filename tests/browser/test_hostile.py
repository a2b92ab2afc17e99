"""What strangers may write: nothing of it executes, breaks a page, or makes it invalid.

Every payload stands as a body and, as far as the file format lets it, as a name and as a
website. The pages are opened without any Content-Security-Policy, and everything on them is
clicked, hovered and focused.
"""

import os
import re
import urllib.parse
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import NuChecker, serving
from tests.browser.strangers import POKE, WATCH, payloads
from tests.site import Build, Site

pytestmark = pytest.mark.browser

PER_POST = 150


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A blog on which nobody means well."""
    place = os.environ.get("AFTERWORD_CORPORA")
    site = Site(tmp_path_factory.mktemp("hostile"))
    lines = list(dict.fromkeys(payloads(Path(place) if place else None)))
    for start in range(0, len(lines), PER_POST):
        entry = f"post-{start}"
        site.post(entry)
        for number, payload in enumerate(lines[start : start + PER_POST], start):
            name = re.sub(r"[\x00-\x1f\x7f-\x9f\s]+", " ", payload).strip() or "Nobody"
            site.response(entry, f"{number}-body", payload)
            site.response(entry, f"{number}-name", author=name)
            site.response(entry, f"{number}-site", website=f"https://a.example/{name}")
            quoted = urllib.parse.quote(name, safe="%'()&=:;@!$*+,")
            site.response(entry, f"{number}-quoted", website=f"https://a.example/{quoted}")
    build = site.build('COMMENTS_URL = "/comments/submit"\n')
    assert build.status == 0, build.log[-2000:]
    return build


def test_nothing_executes(hostile: Build, chromium: Browser) -> None:
    context = chromium.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    asked: list[str] = []
    with serving(hostile.output) as url:
        page.on("request", lambda request: asked.append(request.url))
        page.route(lambda address: not address.startswith(url), lambda route: route.abort())
        for entry in sorted(hostile.output.glob("post-*")):
            page.goto(f"{url}/{entry.name}/")
            assert page.evaluate(POKE) == {
                "fired": False,
                "handlers": [],
                "links": [],
                "strangers": [],
            }, entry.name
        page.goto(f"{url}/index.html")
        assert not page.evaluate(POKE)["fired"]
    context.close()
    # The blog's own address is that of its stylesheet and icon; no stranger chose another.
    outside = {urllib.parse.urlsplit(address).hostname for address in asked}
    assert outside <= {"127.0.0.1", "blog.example"}


def test_every_page_is_valid_all_the_same(hostile: Build, nu_checker: NuChecker) -> None:
    # Errors, not warnings: a name may begin with a combining character if it wants to.
    assert nu_checker.errors(hostile.output) == []


def test_every_feed_is_well_formed_all_the_same(hostile: Build) -> None:
    feeds = [*hostile.output.rglob("*.atom.xml"), *hostile.output.rglob("*.rss.xml")]
    assert len(feeds) > 2
    for path in feeds:
        parsed = feedparser.parse(path.read_bytes(), sanitize_html=False)
        assert not parsed.bozo, (path, parsed.bozo_exception)
