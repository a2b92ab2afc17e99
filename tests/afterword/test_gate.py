"""The gate: limits of size and number, safe headers on whatever is said, a log without people."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from afterword import gate
from afterword.asgi import App, Message, Receive, Scope, Send
from afterword.gate import MOST_AT_ONCE, Gate, JsonFormatter, Traffic, policy
from tests.service import FILLED, Answer, Service, blog, intake, token_of
from tests.site import Site

PATIENCE = 30  # seconds; only ever spent when something is broken
MOST = 100  # bytes
SAFE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": policy(),
}


def scope_of(method: str = "POST", path: str = "/comments/submit", **headers: str) -> Scope:
    """A request as a server hands it over."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": raw,
        "client": ("192.0.2.7", 1234),
    }


def arriving(*parts: bytes) -> Receive:
    """A body that comes in these parts; after them, nothing ever."""
    last = len(parts) - 1
    messages: Iterator[Message] = iter(
        {"type": "http.request", "body": part, "more_body": number < last}
        for number, part in enumerate(parts)
    )

    async def receive() -> Message:
        for message in messages:
            return message
        return await asyncio.Future()

    return receive


async def ask(app: App, scope: Scope, receive: Receive) -> Answer:
    """Send a request; status 0 where nothing was said."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    if not messages:
        return Answer(0, {}, "")
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    text = b"".join(message.get("body", b"") for message in messages[1:])
    return Answer(messages[0]["status"], headers, text.decode())


def gated(app: App, traffic: Traffic | None = None) -> Gate:
    return Gate(app, ("/comments/",), policy(), MOST, traffic or Traffic())


def once(app: App, *body: bytes, **headers: str) -> Answer:
    """What a gated app answers to one body."""
    return asyncio.run(ask(gated(app), scope_of(**headers), arriving(*body)))


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that says how much it got."""
    size, more = 0, scope["method"] != "GET"
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await PlainTextResponse(f"{size} bytes")(scope, receive, send)


async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """An app that must not be asked."""
    pytest.fail("what the gate refuses goes no further")


# How much


@pytest.mark.parametrize("parts", [(b"x" * MOST,), (b"x" * 60, b"x" * 40), (b"", b"x" * MOST)])
def test_what_is_small_enough_goes_through_whole(parts: Sequence[bytes]) -> None:
    answer = once(echo, *parts)
    assert (answer.status, answer.text) == (200, "100 bytes")


@pytest.mark.parametrize("parts", [(b"x" * 101,), (b"x" * 60, b"x" * 41), (b"x" * 101, b"x")])
@pytest.mark.parametrize("said", ["", "5", "-1", "x"])
def test_what_is_too_large_is_refused_whatever_it_says_of_itself(
    parts: Sequence[bytes], said: str
) -> None:
    headers = {"content_length": said} if said else {}
    assert once(never, *parts, **headers).status == 413


@pytest.mark.parametrize("before", [(), (b"author=Da",)])
def test_half_a_request_asks_for_nothing(before: Sequence[bytes]) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": part, "more_body": True} for part in before
    ]
    coming = iter([*messages, {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(coming)

    traffic = Traffic()
    assert asyncio.run(ask(gated(never, traffic), scope_of(), receive)).status == 0
    assert traffic.busy == 0
    assert traffic.answers["POST", "unknown", 0] == 1


def test_what_is_far_too_large_is_not_even_read() -> None:
    assert once(never, content_length="16000001").status == 413


def taken(*parts: bytes) -> int:
    """How many parts of a body are read before it is refused as too large."""
    messages: list[Message] = []

    async def sent() -> Answer:
        give = arriving(*parts)

        async def receive() -> Message:
            messages.append(await give())
            return messages[-1]

        return await ask(gated(never), scope_of(), receive)

    assert asyncio.run(sent()).status == 413
    return len(messages)


def test_what_is_too_large_is_read_so_that_its_sender_hears_the_answer() -> None:
    assert taken(*[b"x" * 60] * 4) == 4


def test_what_never_ends_is_not_read_for_ever() -> None:
    assert taken(*[b"x" * 4_000_000] * 10) == 5


# How long


def test_what_takes_too_long_to_arrive_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.01)

    async def half() -> Answer:
        first = arriving(b"entry=fir")

        async def receive() -> Message:
            return {**await first(), "more_body": True}

        return await ask(gated(never), scope_of(), receive)

    assert asyncio.run(half()).status == 408


# How many


@dataclass
class Slow:
    """An app that answers posts when it is told to, and all else at once."""

    full: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    inside: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            self.inside += 1
            if self.inside == MOST_AT_ONCE:
                self.full.set()
            await self.released.wait()
        await PlainTextResponse("done")(scope, receive, send)


def test_more_at_once_than_can_be_answered_are_told_to_come_again() -> None:
    async def crowd() -> None:
        slow, traffic = Slow(), Traffic()
        app = gated(slow, traffic)

        def post() -> Awaitable[Answer]:
            return asyncio.ensure_future(ask(app, scope_of(), arriving(b"x")))

        waiting = [post() for _ in range(MOST_AT_ONCE)]
        await asyncio.wait_for(slow.full.wait(), PATIENCE)
        refused = await asyncio.wait_for(post(), PATIENCE)
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) > 0
        # Who only reads is let through all the same.
        assert (await ask(app, scope_of("GET"), arriving())).status == 200
        slow.released.set()
        assert {each.status for each in await asyncio.gather(*waiting)} == {200}
        assert traffic.busy == 0
        assert (await post()).status == 200

    asyncio.run(crowd())


def test_slow_senders_take_nobodys_place() -> None:
    async def crowd() -> None:
        traffic = Traffic()
        app = gated(echo, traffic)
        slow = [
            asyncio.ensure_future(ask(app, scope_of(), arriving())) for _ in range(2 * MOST_AT_ONCE)
        ]
        for _ in range(3):
            assert (await ask(app, scope_of(), arriving(b"quick"))).text == "5 bytes"
        assert traffic.busy == 0
        assert not any(each.done() for each in slow)
        for each in slow:
            each.cancel()

    asyncio.run(crowd())


def test_an_app_that_fails_frees_its_place() -> None:
    async def fails(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    traffic = Traffic()
    app = gated(fails, traffic)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            asyncio.run(ask(app, scope_of(), arriving(b"x")))
    assert traffic.busy == 0


# What is said


@pytest.mark.parametrize(("accept", "kind"), [("text/html", "text/html"), ("", "text/html")])
def test_a_refusal_is_a_page_that_says_how_to_go_on(accept: str, kind: str) -> None:
    answer = once(never, b"x" * 101, accept=accept)
    assert answer.headers["content-type"].startswith(kind)
    assert "larger than what can be taken" in answer.text
    assert "Back button" in answer.text
    assert answer.headers["content-length"] == str(len(answer.text))


def test_a_program_is_refused_in_json() -> None:
    answer = once(never, b"x" * 101, accept="application/json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {"errors": {"": "This is larger than what can be taken."}}


def test_safe_headers_are_on_whatever_is_answered() -> None:
    def fails(_: Request) -> Response:
        raise ZeroDivisionError

    app = Starlette(
        routes=[Route("/comments/fine", lambda _: Response()), Route("/comments/fails", fails)]
    )
    statuses = set()
    for method, path in (
        ("GET", "/comments/fine"),
        ("GET", "/comments/nowhere"),
        ("DELETE", "/comments/fine"),
        ("GET", "/comments/fails"),
    ):
        answer = asyncio.run(asking_in_spite(gated(app), scope_of(method, path)))
        assert SAFE.items() <= answer.headers.items()
        statuses.add(answer.status)
    assert statuses == {200, 404, 405, 500}
    assert SAFE.items() <= once(never, b"x" * 101).headers.items()


async def asking_in_spite(app: App, scope: Scope) -> Answer:
    """What was said, even where the app fails after that, as Starlette's do."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ZeroDivisionError):
            await app(scope, receive, send)

    return await ask(quiet, scope, arriving(b""))


def test_a_header_that_an_app_has_chosen_stays() -> None:
    async def strict(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"Referrer-Policy": "no-referrer"}
        await Response(headers=headers)(scope, receive, send)

    answer = once(strict, b"")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"


def test_what_is_not_ours_passes_untouched(caplog: pytest.LogCaptureFixture) -> None:
    traffic = Traffic()
    app = gated(echo, traffic)
    with caplog.at_level(logging.INFO, "afterword.access"):
        answer = asyncio.run(ask(app, scope_of(path="/first/"), arriving(b"x" * 500)))
    assert answer.text == "500 bytes"
    assert not SAFE.keys() & answer.headers.keys()
    assert not caplog.records
    assert not traffic.answers


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_what_is_no_request_passes_untouched(kind: str) -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    asyncio.run(ask(gated(app), {"type": kind, "path": "/comments/"}, arriving()))
    assert seen == [kind]


def test_the_policy_allows_styles_of_the_site_and_no_script_but_ours() -> None:
    parts = dict(part.split(" ", 1) for part in policy(["https://blog.example"]).split("; "))
    assert parts["style-src"] == "'self' https://blog.example"
    assert parts["script-src"] == "'self'"
    assert parts["default-src"] == parts["frame-ancestors"] == parts["base-uri"] == "'none'"
    assert "unsafe" not in policy(["https://blog.example"])


# What is noted


def test_what_is_noted_is_the_route_and_never_the_path(caplog: pytest.LogCaptureFixture) -> None:
    app = Starlette(routes=[Route("/comments/status/{token}", lambda _: Response())])
    traffic = Traffic()
    scope = scope_of("GET", "/comments/status/s3cret", cookie="session=s3cret")
    scope["query_string"] = b"email=dave@example.org"
    with caplog.at_level(logging.INFO, "afterword.access"):
        asyncio.run(ask(gated(app, traffic), scope, arriving()))
        asyncio.run(ask(gated(app, traffic), scope_of("GET", "/comments/s3cret"), arriving()))
    assert traffic.answers == {
        ("GET", "/comments/status/{token}", 200): 1,
        ("GET", "unknown", 404): 1,
    }
    assert traffic.seconds > 0
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/comments/status/{token}", 200),
        ("unknown", 404),
    ]
    known = {"time", "level", "logger", "message", "method", "route", "status", "ms"}
    assert all(set(line) == known for line in lines)


def test_whatever_methods_are_made_up_they_are_counted_as_one() -> None:
    traffic = Traffic()
    for number in range(20):
        asyncio.run(ask(gated(echo, traffic), scope_of(f"MADE-UP-{number}"), arriving(b"")))
    assert traffic.answers == {("other", "unknown", 200): 20}


def record(**facts: object) -> logging.LogRecord:
    made = logging.LogRecord("a.b", logging.WARNING, __file__, 1, "is %s", ("so",), None)
    vars(made).update(facts)
    return made


def test_a_line_of_the_log_is_one_object_with_the_facts_in_it() -> None:
    line = JsonFormatter().format(record(created=0.0, reason="two\nlines", path=sys.path))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00Z",
        "level": "warning",
        "logger": "a.b",
        "message": "is so",
        "reason": "two\nlines",
        "path": sys.path,
    }


def test_of_an_exception_the_log_has_the_kind_and_the_place_and_not_the_words() -> None:
    try:
        raise ValueError("dave@example.org")  # noqa: TRY301  # a trace is needed
    except ValueError:
        line = JsonFormatter().format(record(exc_info=sys.exc_info()))
    found = json.loads(line)
    assert found["exception"] == "ValueError"
    assert "test_gate.py" in found["where"][0]
    assert "dave" not in line


# A running service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The production service, where an address may send one response a minute."""
    site = blog(Site(tmp_path_factory.mktemp("blog")), "COMMENTS_FLOOD_LIMIT = 1\n")
    with intake(site) as running:
        running.crowd = True
        yield running


def refused(service: Service) -> Sequence[Answer]:
    """Answers to all that a service may refuse."""
    body = "x" * 300_000
    here = {"X-Forwarded-For": "192.0.2.99"}
    flood = [service.post("/comments/submit", FILLED | {"body": f"{n}."}, **here) for n in range(3)]
    book = service.site.root / "output/comments/entries.json"
    moved = book.rename(book.with_suffix(".away"))
    unbuilt = service.send(body="Too soon.")
    moved.rename(book)
    return [
        service.get("/comments/approved"),
        service.get("/comments/status/s3cret"),
        service.get("/comments/submit"),
        service.send(body=body),
        service.request("POST", "/comments/submit", None, {"Content-Type": "text/plain"}, b"x"),
        service.send(email="no"),
        service.post("/moderate/act/s3cret", {}),
        service.get("/moderate/nowhere"),
        unbuilt,
        # At most one minute ends while they are sent, and another may be sent in the next.
        *(answer for answer in flood if answer.status != 303),
    ]


def logged(
    service: Service, wanted: AbstractSet[tuple[str, str, int]]
) -> Sequence[Mapping[str, object]]:
    """All lines of the log, once these requests are in it."""
    deadline = time.monotonic() + PATIENCE
    while True:
        lines = [json.loads(line) for line in service.output.splitlines() if line[:1] == "{"]
        requests = [line for line in lines if line["logger"] == "afterword.access"]
        if {(line["method"], line["route"], line["status"]) for line in requests} >= wanted:
            return lines
        assert time.monotonic() < deadline, requests


def test_whatever_is_refused_is_refused_safely(service: Service) -> None:
    answers = refused(service)
    statuses = {answer.status for answer in answers}
    assert statuses == {401, 403, 404, 405, 413, 415, 422, 429, 503}
    for answer in answers:
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}
        if answer.status in {429, 503}:
            assert 0 < int(answer.headers["retry-after"]) <= 60


def test_the_log_of_a_service_says_what_happened_and_nothing_about_anybody(
    service: Service,
) -> None:
    sent = service.send(body="Unmistakable.", author="Drusilla", email="drusilla@example.org")
    assert sent.status == 303
    service.get(f"/comments/status/{token_of(sent)}?email=drusilla@example.org")
    service.get("/comments/s3cret", Cookie="__Host-session=s3cret", Referer="https://s3cret/")
    service.post("/comments/submit", FILLED, **{"X-Forwarded-For": "192.0.2.55"})
    lines = logged(
        service,
        {
            ("POST", "/comments/submit", 303),
            ("GET", "/comments/status/{token}", 200),
            ("GET", "unknown", 404),
        },
    )
    for private in (
        token_of(sent),
        "s3cret",
        "rusilla",
        "@",
        "Unmistakable",
        "192.0.2.55",
        "10.0.0.",
        service.password,
    ):
        assert not [line for line in lines if private in json.dumps(line)]
