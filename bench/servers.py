"""Commands that stay: how long after a change its page has it, over HTTP."""

import http.client
import time
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from bench.changes import Blog, Proof, page_of
from bench.processes import Failed, Resident, running
from bench.results import Served
from tests.service import free_port

KINDS: Final = ("response", "edit")
_FIRST_BUILD: Final = 900.0
_ONE_CHANGE: Final = 900.0
_BETWEEN_ASKING: Final = 0.005
# Idle is who leaves the core alone for so many of these looks, one after the other.
_BETWEEN_LOOKS: Final = 0.1
_LOOKS: Final = 8
_BUSY: Final = 0.02


def measure(command: Sequence[str], blog: Blog, numbers: range) -> tuple[Blog, Served]:
    """Run a server and change the blog under it, once of each kind for every number.

    Returns the blog as it is afterwards. Raises Failed if a change does not show.
    """
    port = free_port()
    shown: dict[str, list[float]] = {kind: [] for kind in KINDS}
    rested: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with running((*command, str(port)), blog.folder) as server:
        _await(server, port, Proof(page_of(blog.post), blog.post.title), _FIRST_BUILD)
        _rest(server)
        for number, kind in product(numbers, KINDS):
            start = time.perf_counter()
            blog, proof = blog.change(kind, number)
            _await(server, port, proof, _ONE_CHANGE)
            shown[kind].append(time.perf_counter() - start)
            rested[kind].append(max(shown[kind][-1], _rest(server) - start))
    return blog, Served(shown, rested, server.memory.most)


def _await(server: Resident, port: int, proof: Proof, patience: float) -> None:
    """Ask for the page, as a browser does that reloads it, until it shows what it should."""
    until = time.perf_counter() + patience
    for page in _asking(port, proof.url):
        if proof.words in page:
            return
        if not server.alive() or time.perf_counter() > until:
            raise Failed(f"{server.said()}: /{proof.url} does not show {proof.words}")
        time.sleep(_BETWEEN_ASKING)


def _asking(port: int, url: str) -> Iterator[str]:
    """Yield the page again and again, as far as there is one."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ONE_CHANGE)
        try:
            connection.request("GET", f"/{url}")
            answer = connection.getresponse()
            text = answer.read().decode()
            yield text if answer.status == http.HTTPStatus.OK else ""
        except (OSError, http.client.HTTPException):  # it does not listen yet
            yield ""
        finally:
            connection.close()


def _rest(server: Resident) -> float:
    """Wait until it is idle, and return since when it has been."""
    idle, since, before = 0, time.perf_counter(), server.worked()
    while idle < _LOOKS:
        time.sleep(_BETWEEN_LOOKS)
        now = server.worked()
        if now - before > _BUSY:
            idle, since = 0, time.perf_counter()
        else:
            idle += 1
        before = now
    return since
