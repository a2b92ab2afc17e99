"""Every kind of page, as a reader's browser shows it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import Served, broken_links

pytestmark = pytest.mark.browser

POST = "bad-career-advice-just-network/"
KINDS = {
    "index": "",
    "second page": "page/2/",
    "post": POST,
    "deep thread": "the-meeting-that-should-have-been-a-walk/",
    "closed": "bad-career-advice-dress-for-the-job-you-want/",
    "no responses": "bad-career-advice-follow-your-passion/",
    "code": "a-script-that-says-no/",
    "table and footnotes": "what-the-salary-table-said/",
    "figures": "the-shape-of-a-year/",
    "translation": "de/a-letter-of-recommendation/",
    "hidden": "the-number-i-asked-for/",
    "draft": "drafts/bad-career-advice-never-burn-a-bridge/",
    "page": "colophon/",
    "category": "category/business/",
    "nested category": "category/business/negotiation/",
    "tag": "tag/networking/",
    "author": "author/ruth-adler/",
    "year": "archives/2012/",
    "month": "archives/2012/03/",
    "archives": "archives/",
    "topics": "category/",
    "tags": "tag/",
    "authors": "author/",
    "missing": "404.html",
}
kinds = pytest.mark.parametrize("path", KINDS.values(), ids=KINDS.keys())


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh window."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@kinds
def test_axe_finds_nothing(
    chromium: Browser, demonstration: Served, path: str, scheme: str
) -> None:
    context = chromium.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{demonstration.url}/{path}")
    found = Axe().run(page)
    context.close()
    assert found.response["violations"] == [], found.generate_report()


@kinds
def test_nothing_scrolls_sideways_on_a_narrow_screen(
    page: Page, demonstration: Served, path: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{demonstration.url}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@kinds
def test_no_other_origin_no_cookie_no_script_no_error(
    page: Page, demonstration: Served, path: str
) -> None:
    asked: list[str] = []
    complaints: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{demonstration.url}/{path}", wait_until="networkidle")
    assert [url for url in asked if not url.startswith(demonstration.url)] == []
    assert page.context.cookies() == []
    assert page.locator("script").count() == 0
    assert complaints == []


@kinds
def test_every_link_within_the_site_leads_somewhere(
    page: Page, demonstration: Served, path: str
) -> None:
    page.goto(f"{demonstration.url}/{path}")
    assert broken_links(page, demonstration) == []


def test_the_first_tab_leads_to_the_content(page: Page, demonstration: Served) -> None:
    page.goto(f"{demonstration.url}/{POST}")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to content"
    box = skip.bounding_box()
    assert box
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_the_form_can_be_filled_in_with_the_keyboard_alone(
    page: Page, demonstration: Served
) -> None:
    page.goto(f"{demonstration.url}/{POST}")
    page.locator("#respond-body").focus()
    order = []
    for _ in range(6):
        order.append(page.evaluate("document.activeElement.name + document.activeElement.value"))
        page.keyboard.press("Tab")
    assert order == ["body", "author", "email", "website", "actionpost", "actionpreview"]


def test_what_can_be_focused_shows_it(page: Page, demonstration: Served) -> None:
    page.goto(f"{demonstration.url}/{POST}")
    for selector in ("#respond-author", ".entry-content a", ".buttons button"):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(style) == "solid", selector


def test_a_permalink_marks_its_response(page: Page, demonstration: Served) -> None:
    page.goto(f"{demonstration.url}/{POST}#comment-19")
    assert page.evaluate("document.querySelector(':target').id") == "comment-19"
    assert page.locator("#comment-19").is_visible()


def test_print_leaves_out_what_paper_cannot_do(page: Page, demonstration: Served) -> None:
    page.goto(f"{demonstration.url}/{POST}")
    page.emulate_media(media="print")
    for selector in (".menu", "#respond", ".share", ".comment-reply >> nth=0"):
        assert not page.locator(selector).is_visible(), selector
    assert page.locator("#comment-17").is_visible()


def test_reading_needs_no_script(chromium: Browser, demonstration: Served) -> None:
    texts = []
    for scripts in (True, False):
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(f"{demonstration.url}/{POST}")
        texts.append(page.locator("body").inner_text())
        context.close()
    assert texts[0] == texts[1]
    assert "4 Responses to Bad Career Advice: Just Network!" in texts[1]
