"""What strangers may write: nothing of it executes, breaks a page, or makes it invalid.

Every payload stands as a body and, as far as the file format lets it, as a name and as a
website. The pages are opened without any Content-Security-Policy, and everything on them is
clicked, hovered and focused.
"""

import os
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import NuChecker, serving
from tests.site import Build, Site

pytestmark = pytest.mark.browser

PER_POST = 150
OURS = [
    "<script>fired()</script>",
    "<img src=x onerror=fired()>",
    "[x](javascript:fired())",
    "[x](JaVaScRiPt&colon;fired())",
    "[x](&#106;avascript:fired())",
    "![x](javascript:fired())",
    "<javascript:fired()>",
    "[x](data:text/html,<script>fired()</script>)",
    '[x](https://a.example/"onmouseover="fired())',
    '[x](https://a.example "title\\" onmouseover=\\"fired()")',
    "`</code><script>fired()</script>`",
    "```\n</pre><script>fired()</script>\n```",
    '```x" onmouseover="fired()\ny\n```',
    "<svg><animate onbegin=fired() attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=fired()>",
    "{{ ''.__class__ }} {% include '/etc/passwd' %}",
    "</textarea></title></style></noscript><script>fired()</script>",
    "<!--><script>fired()</script>-->",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>fired()</script>",
    "\u202e<script>fired()</script>&#x202e;",
]
_WATCH = """
window.fired = () => { window.hasFired = true };
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = window.fired;
"""
_POKE = """
() => {
  addEventListener("click", event => event.preventDefault(), true);
  addEventListener("submit", event => event.preventDefault(), true);
  const events = ["mouseover", "mouseenter", "mousemove", "focus", "focusin", "blur", "keydown",
                  "pointerover", "animationstart", "transitionend", "toggle", "wheel"];
  for (const each of document.querySelectorAll("*")) {
    for (const name of events) each.dispatchEvent(new Event(name, {bubbles: true}));
    each.click?.();
  }
  const inert = new Set(["http:", "https:", "mailto:"]);
  return {
    fired: window.hasFired === true,
    handlers: [...document.querySelectorAll("*")].flatMap(each => each.getAttributeNames())
      .filter(name => name.startsWith("on")),
    links: [...document.querySelectorAll("a")].filter(a => !inert.has(a.protocol))
      .map(a => a.outerHTML),
    strangers: [...document.querySelectorAll(".comment-body *")].map(each => each.localName)
      .filter(name => !/^(p|br|em|strong|code|pre|blockquote|ul|ol|li|a|hr|del)$/.test(name)),
  };
}
"""


def payloads(corpora: Path | None) -> Iterator[str]:
    """Our own, and those of the corpora if there are any."""
    yield from OURS
    if corpora is None:
        return
    for path in sorted(corpora.rglob("*.txt")):
        if path.parent.name not in {"comment-blocklist", "commonmark"}:
            yield from path.read_text(encoding="utf-8", errors="ignore").splitlines()


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
    context.add_init_script(_WATCH)
    page = context.new_page()
    asked: list[str] = []
    with serving(hostile.output) as url:
        page.on("request", lambda request: asked.append(request.url))
        page.route(lambda address: not address.startswith(url), lambda route: route.abort())
        for entry in sorted(hostile.output.glob("post-*")):
            page.goto(f"{url}/{entry.name}/")
            assert page.evaluate(_POKE) == {
                "fired": False,
                "handlers": [],
                "links": [],
                "strangers": [],
            }, entry.name
        page.goto(f"{url}/index.html")
        assert not page.evaluate(_POKE)["fired"]
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
