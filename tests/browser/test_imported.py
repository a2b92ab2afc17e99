"""Blogs that have moved in are held to what ours is held to, whatever was written there."""

import base64
import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, Request

from afterword.cli import main
from tests.browser import exported
from tests.browser.conftest import NuChecker, Served, broken_links, serving
from tests.feeds.validity import atom_faults, json_faults, rss_faults
from tests.site import ROOT, Site

pytestmark = pytest.mark.browser

# Posts of many blogs: one may be called as another one is.
APART = """
ARTICLE_URL = PAGE_URL = "{blog}/{slug}/"
ARTICLE_SAVE_AS = PAGE_SAVE_AS = "{blog}/{slug}/index.html"
PATH_METADATA = r"(posts|pages)/(?P<blog>[^/]+)/.*"
ARTICLE_TRANSLATION_ID = PAGE_TRANSLATION_ID = None
PLUGINS = ["afterword", "categories", "related", "feeds"]
"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Imported:
    """A built site, and everything that the imports have said."""

    served: Served
    said: str

    @property
    def places(self) -> Iterator[str]:
        """Where the pages are that were written elsewhere, and some lists of them."""
        output = self.served.build.output
        yield from ("", "archives/", "category/", "tag/", "category/a-b-c/", "tag/t/")
        for page in sorted(output.glob("*/*/index.html")):
            if (output.parent / "content/posts" / page.parent.parent.name).is_dir():
                yield f"{page.parent.relative_to(output).as_posix()}/"


def exports(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the formats and files of what is moved in: ours, and the corpora if there are any."""
    ours = folder / "ours.xml"
    ours.write_text(exported.export(), encoding="utf-8")
    yield "wordpress", ours
    place = os.environ.get("AFTERWORD_CORPORA")
    if place:
        corpora = Path(place)
        yield from (("wordpress", each) for each in corpora.glob("wordpress-importer/*.xml"))
        yield "wordpress", corpora / "isso/wordpress.xml"
        yield "json", corpora / "isso/generic.json"
        yield "commento", corpora / "remark42/commento.json"
        yield from (("disqus", each) for each in corpora.glob("*/disqus*.xml"))


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    """All of them, in one site that looks as ours does."""
    root = tmp_path_factory.mktemp("imported")
    site = Site(root)
    for name in ("theme", "plugins"):
        (root / name).symlink_to(ROOT / name)
    (root / "output").mkdir()
    for name in ("a.png", "b.png", "f.pdf"):
        site.write({f"uploads/2012/03/{name}": PIXEL})
    settings = (ROOT / "pelicanconf.py").read_text(encoding="utf-8") + APART
    said = ""
    with serving(root / "output") as url, contextlib.chdir(root):
        settings += f"SITEURL = {url!r}\n"
        site.write({"pelicanconf.py": settings})
        for form, file in sorted(exports(root)):
            blog = f"{file.parent.name}-{file.stem}".replace(f"{root.name}-", "")
            folders = f'ARTICLE_PATHS = ["posts/{blog}"]\nPAGE_PATHS = ["pages/{blog}"]\n'
            site.write({"one.py": settings + folders})
            arguments = ["import", form, str(file), "-s", "one.py", "--unmatched", "keep"]
            arguments += ["--uploads", "uploads"] if form == "wordpress" else []
            said += CliRunner().invoke(main, arguments).output
        known = (root / "content/posts").rglob("*.md")
        slugs = {
            slug for each in known for slug in re.findall(r"(?m)^Slug: (.*)$", each.read_text())
        }
        for folder in (root / "content/comments").rglob("*/"):
            key = folder.relative_to(root / "content/comments").as_posix()
            if list(folder.glob("*.md")) and key not in slugs:
                site.post(f"kept/{key.replace('/', '-')}", comments=key)
        build = site.build_with("pelicanconf.py")
        assert build.status == 0, build.log
        yield Imported(Served(build, url), said)


def test_every_page_is_valid(imported: Imported, nu_checker: NuChecker) -> None:
    assert nu_checker.errors(imported.served.build.output) == []


def test_every_feed_is_valid(imported: Imported) -> None:
    for path in imported.served.build.output.rglob("*"):
        for ending, faults in (
            (".rss.xml", rss_faults),
            (".atom.xml", atom_faults),
            ("s/all.json", json_faults),
        ):
            if path.name.endswith(ending) or path.as_posix().endswith(ending):
                found = faults(path.read_text(encoding="utf-8"))
                # Posts of several blogs may have one guid.
                assert [each for each in found if not re.search(r"stands \d+ times", each)] == []
                if ending.endswith("xml"):
                    parsed = feedparser.parse(path.read_bytes())
                    assert not parsed.bozo, (path, parsed.bozo_exception)


def test_every_page_can_be_read_by_everybody(imported: Imported, chromium: Browser) -> None:
    url = imported.served.url
    asked: list[Request] = []
    page = chromium.new_context().new_page()
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  # wants a function
    page.route(lambda address: not address.startswith(url), lambda route: route.abort())
    faults: list[object] = []
    for place in imported.places:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(f"{url}/{place}")
        found = [Axe().run(page)]
        page.emulate_media(color_scheme="dark")
        found.append(Axe().run(page, options={"runOnly": ["color-contrast"]}))
        faults += [(place, each.generate_report()) for each in found if each.response["violations"]]
        page.set_viewport_size({"width": 320, "height": 640})
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
            faults.append((place, width))
        faults += [(place, each) for each in broken_links(page, imported.served)]
        assert page.locator("script").count() == 0
    page.context.close()
    assert faults == []
    # Pictures that were not among the uploads are asked where they were, and named.
    outside = [each for each in asked if not each.url.startswith(url)]
    assert {each.resource_type for each in outside} <= {"image"}
    hosts = {urlsplit(each.url).hostname for each in outside}
    assert [each for each in hosts if f"needs https://{each}/" not in imported.said] == []


def test_pages_lead_from_old_addresses_without_scripts(
    imported: Imported, nu_checker: NuChecker, chromium: Browser
) -> None:
    output, url = imported.served.build.output, imported.served.url
    with contextlib.chdir(output.parent):
        said = CliRunner().invoke(main, ["redirects", "ours.xml", "--pages", "output"])
    assert said.exit_code == 0, said.output
    assert nu_checker.errors(output / "blog") == []
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/blog/2012/03/blocks/comment-page-1/")
    page.wait_for_url(f"{url}/ours/blocks/")
    context.close()
