"""What every request passes: limits of size and number, safe headers, a line in the log.

Plain ASGI (asgi.readthedocs.io, specification 3.0), so that it stands before any of the apps.
"""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from afterword.asgi import App, Message, Receive, Scope, Send

log: Final = logging.getLogger("afterword.access")

# Of so many requests whose body has come, the answer is being made; more than that would only
# wait, and those who wait too long send again.
MOST_AT_ONCE: Final = 48
BODY_SECONDS: Final = 30
_MOST_DISCARDED: Final = 16_000_000

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_SAFE: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


def policy(origins: Iterable[str] = ()) -> str:
    """A Content-Security-Policy (CSP level 3) that allows styles and pictures of these origins."""
    allowed = " ".join(["'self'", *origins])
    return (
        f"default-src 'none'; style-src {allowed}; img-src {allowed} data:; font-src {allowed}; "
        "script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


@dataclass
class Traffic:
    """What has been answered since the process started, for the metrics."""

    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    seconds: float = 0.0
    busy: int = 0


@dataclass(frozen=True)
class Gate:
    """Stands before ``app`` for paths that begin with one of ``prefixes``; lets others pass."""

    app: App
    prefixes: tuple[str, ...]
    content_policy: str
    max_bytes: int
    traffic: Traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(self.prefixes):
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": self._headers(message["headers"])}
            await send(message)

        try:
            await self._pass(scope, receive, answer)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        try:
            # Slow senders wait here, where they are in nobody's way.
            body = await asyncio.wait_for(self._body(scope, receive), BODY_SECONDS)
        except TimeoutError:
            await _refuse(scope, send, 408, "Your request took too long to arrive.")
            return
        except _Left:
            return
        if body is None:
            await _refuse(scope, send, 413, "This is larger than what can be taken.")
        elif self.traffic.busy >= MOST_AT_ONCE:
            await _refuse(scope, send, 503, "Too much is going on. Please try again in a moment.")
        else:
            self.traffic.busy += 1
            try:
                await self.app(scope, _given(body, receive), send)
            finally:
                self.traffic.busy -= 1

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body, or None if it is too large, whatever its length was said to be.

        Raises _Left where its sender went away before its end: half a request asks for nothing.
        """
        said = _header(scope, b"content-length")
        if said.isdigit() and int(said) > _MOST_DISCARDED:
            return None
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise _Left
            part = message.get("body", b"")
            size += len(part)
            if size > _MOST_DISCARDED:
                return None
            # What is too large is read to its end all the same: a connection that is closed
            # while it is written to swallows the answer.
            if size <= self.max_bytes:
                parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts) if size <= self.max_bytes else None

    def _headers(self, given: Collection[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name.lower() for name, _ in given}
        safe = {**_SAFE, "content-security-policy": self.content_policy}
        added = [(name.encode(), value.encode()) for name, value in safe.items()]
        return [*given, *(pair for pair in added if pair[0] not in names)]

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Log and count by route: a path may hold a token, a route does not."""
        route = getattr(scope.get("route"), "path", "unknown")
        # Whoever makes up methods makes no counters with them.
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.traffic.answers[method, route, status] += 1
        self.traffic.seconds += seconds
        facts = {"method": method, "route": route, "status": status}
        log.info("request", extra={**facts, "ms": round(seconds * 1000, 1)})


class _Left(Exception):  # nothing is wrong
    """The other side is gone."""


def _given(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that hands out a body that is there already."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(scope: Scope, send: Send, status: int, why: str) -> None:
    wants_json = b"application/json" in _header(scope, b"accept")
    text = json.dumps({"errors": {"": why}}) if wants_json else _PAGE.format(why=why)
    kind = b"application/json" if wants_json else b"text/html; charset=utf-8"
    headers: list[tuple[bytes, bytes]] = [(b"content-type", kind), (b"connection", b"close")]
    if status == 503:  # noqa: PLR2004  # RFC 9110, section 15.6.4
        headers.append((b"retry-after", b"2"))
    body = text.encode()
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


_PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>Not now</title><h1>Not now</h1>"
    "<p>{why} What you wrote is not lost: your browser's Back button brings it back.</p></html>"
)


def _header(scope: Scope, name: bytes) -> bytes:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return next((value for key, value in headers if key == name), b"")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the facts given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        line: MutableMapping[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({k: v for k, v in vars(record).items() if k not in _USUAL})
        if record.exc_info and record.exc_info[0]:
            # The kind and the place; the words of an exception may hold what somebody typed.
            line["exception"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False, default=str)


_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def _where(record: logging.LogRecord) -> list[str]:
    frames, trace = [], record.exc_info[2] if record.exc_info else None
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-8:]
