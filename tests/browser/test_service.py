"""The service's own pages: for readers and for the moderator, in a browser."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from afterword.store import Addition, Query, Store
from afterword.store.sqlite import SqliteStore
from afterword.submission import Submission
from afterword.tokens import Purpose, Signer
from tests.afterword.store.samples import received, sample
from tests.browser.conftest import NuChecker
from tests.browser.strangers import OURS, POKE, WATCH, payloads
from tests.service import FILLED, Answer, Service, blog, preview, token_of
from tests.site import Site

pytestmark = pytest.mark.browser

WRONG = {**FILLED, "action": "post", "body": " ", "email": "nobody@nowhere", "website": "x"}
AT_ONCE = 500


@dataclass(frozen=True)
class House:
    """A running service with something in its queue, and a way to each kind of page."""

    service: Service
    moderator: Service
    paths: dict[str, str]

    def fetch(self, kind: str) -> Answer:
        """The page as the service sends it."""
        if kind in POSTED:
            return self.service.post("/comments/submit", POSTED[kind])
        return (self.moderator if kind in INSIDE else self.service).get(self.paths[kind])


# What comes of sending the form.
POSTED = {
    "errors": WRONG,
    "preview": {**FILLED, "action": "preview", "body": "> A *quotation*.\n\n- one\n- two"},
    "no such post": {**FILLED, "entry": "nowhere"},
}
READERS = ["form", "reply", "status", "published", "no such link", "subscribe", "unsubscribe"]
INSIDE = ["queue", "approved", "nothing found", "response"]
OUTSIDE = ["login", "act", "no such act"]
KINDS = [*POSTED, *READERS, *INSIDE, *OUTSIDE]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole thing, as `make serve` runs it."""
    site = blog(
        Site(tmp_path_factory.mktemp("house")),
        "COMMENTS_FLOOD_LIMIT = 0\nCOMMENTS_REPLY_MAIL = True\n",
    )
    with preview(site) as service:
        moderator = replace(service, headers={})
        moderator.log_in()
        with closing(queue(site)) as store:
            status = {body: path_of(service.send(body=body)) for body in ("Waits.", "Stands.")}
            waits, stands = (one(store, body) for body in status)
            moderator.decide("approve", f"{stands.id}:{stands.revision}")
            service.wait_for(status["Stands."], lambda answer: "can be read here" in answer.text)
            service.send(body="A reply, with <b>HTML</b>.", replyto="17", url_confirm="x")
        key = (site.root / "var/secret.key").read_text(encoding="ascii").strip()
        signer, now = Signer((key,)), datetime.now(UTC)
        agree = signer.sign(Purpose.SUBSCRIBE, ("a@b.example",), now)
        decline = signer.sign(Purpose.UNSUBSCRIBE, ("a@b.example",), now)
        act = signer.sign(Purpose.ACT, ("approve", waits.id, waits.digest), now)
        paths = {
            "form": "/comments/new?entry=first",
            "reply": "/comments/new?entry=first&replyto=17",
            "status": status["Waits."],
            "published": status["Stands."],
            "no such link": "/comments/status/none",
            "subscribe": f"/comments/subscribe/{agree}",
            "unsubscribe": f"/comments/unsubscribe/{decline}",
            "queue": "/moderate/",
            "approved": "/moderate/?status=approved",
            "nothing found": "/moderate/?q=unicorns",
            "response": f"/moderate/response/{waits.id}",
            "login": "/moderate/login",
            "act": f"/moderate/act/{act}",
            "no such act": "/moderate/act/none",
        }
        yield House(service, moderator, paths)


def queue(site: Site) -> Store:
    """The service's own queue."""
    return SqliteStore(site.root / "var/queue.sqlite3", lambda: datetime.now(UTC))


def path_of(answer: Answer) -> str:
    assert answer.status == 303, answer
    return f"/comments/status/{token_of(answer)}"


def one(store: Store, body: str) -> Submission:
    (found,) = store.find(Query(text=body)).submissions
    return found


@pytest.fixture
def opened(house: House, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A kind of page in a fresh window."""
    scheme, width, kind = request.param
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    show(house, context, kind)
    yield context.pages[0]
    context.close()


def show(house: House, context: BrowserContext, kind: str) -> None:
    """Open a kind of page as its people come to it."""
    page = context.new_page()
    url = house.service.url
    if kind in POSTED:
        page.goto(f"{url}/comments/new?entry=first")
        fields = POSTED[kind]
        for name in ("author", "email", "website", "body"):
            page.locator(f"#respond [name={name}]").fill(fields.get(name, ""))
        page.locator("#respond [name=entry]").evaluate("(e, to) => e.value = to", fields["entry"])
        page.locator("form:has([name=body])").evaluate("form => form.noValidate = true")
        button = "Preview" if fields["action"] == "preview" else "Post Response"
        page.get_by_role("button", name=button).click()
        return
    if kind in INSIDE:
        name, _, value = house.moderator.headers["Cookie"].partition("=")
        context.add_cookies(
            [{"name": name, "value": value, "url": url.replace("http:", "https:"), "secure": True}]
        )
    page.goto(url + house.paths[kind])


def views(*widths: int) -> pytest.MarkDecorator:
    """Each kind of page, in both colour schemes, at these widths."""
    every = [
        pytest.param((scheme, width, kind), id=f"{kind}-{scheme}-{width}")
        for kind in KINDS
        for scheme in ("light", "dark")
        for width in widths
    ]
    return pytest.mark.parametrize("opened", every, indirect=True)


@views(1280)
def test_axe_finds_nothing(opened: Page) -> None:
    found = Axe().run(opened)
    assert found.response["violations"] == [], found.generate_report()


@views(320)
def test_nothing_scrolls_sideways_on_a_narrow_screen(opened: Page) -> None:
    assert opened.locator("h1").count() == 1
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_nu_checker_finds_nothing(house: House, nu_checker: NuChecker, tmp_path: Path) -> None:
    for number, kind in enumerate(KINDS):
        name = f"{number}-{kind.replace(' ', '-')}.html"
        (tmp_path / name).write_text(house.fetch(kind).text, encoding="utf-8")
    assert "\n".join(nu_checker.complaints(tmp_path)) == ""


def hostile(number: int, payload: str) -> Submission:
    """A row as no form would let it in: the payload in every field that holds text."""
    return sample(
        number,
        id=f"h{number}",
        entry="first",
        author=payload,
        email=payload,
        website=payload,
        body=payload,
        fingerprint=f"hostile-{number}",
    )


def test_nothing_that_strangers_send_executes_on_the_services_pages(
    tmp_path: Path, chromium: Browser
) -> None:
    place = os.environ.get("AFTERWORD_CORPORA")
    lines = list(dict.fromkeys(payloads(Path(place) if place else None)))
    rows = [hostile(number, line) for number, line in enumerate(lines)]
    site = blog(Site(tmp_path), "COMMENTS_FLOOD_LIMIT = 0\n")
    with preview(site) as service, closing(queue(site)) as store:
        for start in range(0, len(rows), AT_ONCE):
            batch = rows[start : start + AT_ONCE]
            store.add_all([Addition(each, received(each)) for each in batch])
        sent = [
            service.send(author=line, body=f"{line}\n\n{line}", website=website)
            for line in OURS
            for website in ("", f"https://a.example/{line}")
        ]
        context = chromium.new_context(bypass_csp=True)
        context.add_init_script(WATCH)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.route(lambda url: not url.startswith(service.url), lambda route: route.abort())
        statuses = [path_of(answer) for answer in sent if answer.status == 303]
        assert len(statuses) > len(OURS)
        for path in statuses:
            page.goto(service.url + path)
            assert harmless(page), path
        for line in OURS:  # shown again, with what is wrong
            page.goto(f"{service.url}/comments/new?entry=first")
            for name in ("author", "website", "body"):
                page.locator(f"#respond [name={name}]").fill(line)
            page.get_by_role("button", name="Preview").click()
            assert harmless(page), line
        page.goto(f"{service.url}/moderate/")
        page.get_by_label("Password").fill(service.password)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_selector(".rows")
        total = store.find(Query(limit=1)).total
        seen, number = 0, 0
        while seen < total:
            number += 1
            page.goto(f"{service.url}/moderate/?status=all&page={number}")
            assert page.locator(".row").count(), number
            seen += page.locator(".row").count()
            assert harmless(page), number
        for each in rows[: len(OURS)]:
            page.goto(f"{service.url}/moderate/response/{each.id}")
            assert harmless(page), each.body
        context.close()
    assert seen >= len(lines)
    assert {url.split("/")[2] for url in asked if url.startswith("http")} <= {
        service.url.removeprefix("http://"),
    }


def harmless(page: Page) -> bool:
    """Whether nothing ran, and nothing could, whatever is clicked and touched."""
    found = page.evaluate(POKE)
    return not found["fired"] and found["handlers"] == [] and found["links"] == []
