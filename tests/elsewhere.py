"""A server somewhere else, which answers what a test tells it to."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.service import PATIENCE


@dataclass(frozen=True)
class Asked:
    """One request that a server got."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Elsewhere:
    """A server of somebody else's: where it is, and what it was asked so far."""

    url: str
    asked: list[Asked]


@contextmanager
def elsewhere(*answers: bytes) -> Iterator[Elsewhere]:
    """A server that gives these answers, sound or not, one after the other; then none."""
    asked: list[Asked] = []
    left = iter(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            asked.append(Asked(self.command, self.path, dict(self.headers), body))
            self.wfile.write(next(left, b""))

        do_POST = do_GET  # noqa: N815  # as http.server calls it

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield Elsewhere(f"http://127.0.0.1:{server.server_port}", asked)
        finally:
            server.shutdown()
            serving.join(PATIENCE)
