"""Akismet, played by a server of our own."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from afterword.antispam import Circumstances
from afterword.antispam.akismet import Akismet
from tests.afterword.store.samples import SAMPLE

SENT = Circumstances("", None, "Browser/1")


@contextmanager
def answering(body: bytes, *, discard: bool = False) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    asked: list[dict[str, Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # as inherited
            length = int(self.headers["Content-Length"])
            asked.append(parse_qs(self.rfile.read(length).decode()))
            self.send_response(200)
            if discard:
                self.send_header("X-akismet-pro-tip", "discard")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/1.1/", asked
        finally:
            server.shutdown()
            thread.join()


def test_its_word_is_one_reason_among_others() -> None:
    with answering(b"true") as (server, asked):
        (reason,) = Akismet("key", "https://blog.example", server)(SAMPLE, SENT)
    assert reason.rule == "akismet"
    assert 0 < reason.points < 10
    assert asked[0]["comment_content"] == [SAMPLE.body]
    assert asked[0]["comment_type"] == ["reply"]
    with answering(b"true", discard=True) as (server, _):
        (sure,) = Akismet("key", "https://blog.example", server)(SAMPLE, SENT)
    assert reason.points < sure.points < 10
    with answering(b"false") as (server, _):
        (well,) = Akismet("key", "https://blog.example", server)(SAMPLE, SENT)
    assert well.points < 0


def test_nobody_waits_for_it_in_vain() -> None:
    with answering(b"invalid") as (server, _):
        assert list(Akismet("key", "https://blog.example", server)(SAMPLE, SENT)) == []
    gone = Akismet("key", "https://blog.example", server)  # it listens no more
    assert list(gone(SAMPLE, SENT)) == []
