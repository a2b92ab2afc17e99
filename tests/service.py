"""The whole service, run as its owner runs it, and talked to as readers and moderators do."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.site import SETTINGS, Site

PATIENCE = 30  # seconds; only ever spent when something is broken

# A blog whose form is answered.
OPEN = SETTINGS + 'COMMENTS_URL = "/comments/submit"\n'

FILLED = {
    "entry": "first",
    "author": "Dave",
    "email": "dave@example.org",
    "body": "Networks *work*.",
    "action": "post",
}


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by lower-case name, and the text."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.text)
        assert isinstance(found, dict)
        return found


@dataclass
class Service:
    """A running service."""

    site: Site
    port: int
    process: subprocess.Popen[str]
    log: Path
    headers: dict[str, str] = field(default_factory=dict)
    # Whether each response comes from an address of its own, as those of many readers do.
    crowd: bool = False
    _addresses: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """Everything it has printed."""
        return self.log.read_text(encoding="utf-8")

    @property
    def password(self) -> str:
        found = re.findall(r"shown this once: (\S+)", self.output)
        assert found, self.output
        return str(found[-1])

    def request(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Send a request; status 0 while nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = {**self.headers, **(headers or {})}
        if fields is not None:
            body = urlencode(fields).encode()
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text)
        except (ConnectionError, http.client.HTTPException):
            return Answer(0, {}, "")
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        return self.request("POST", path, fields, headers)

    def send(self, **fields: str) -> Answer:
        """Post a response, with sensible words in the fields that are not given."""
        headers = {}
        if self.crowd:
            headers["X-Forwarded-For"] = str(IPv4Address(0x0A000000 + next(self._addresses)))
        return self.post("/comments/submit", FILLED | fields, **headers)

    def wait_for(self, path: str, wanted: Callable[[Answer], bool]) -> Answer:
        """Fetch a page until it is as wanted."""
        deadline = time.monotonic() + PATIENCE
        answer = Answer(0, {}, "nothing")
        while time.monotonic() < deadline and self.process.poll() is None:
            answer = self.get(path)
            if wanted(answer):
                return answer
        pytest.fail(f"{path} never came; last was {answer}; log: {self.output[-3000:]}")

    def log_in(self) -> None:
        """Become the moderator for all requests that follow."""
        origin = {"Origin": self.url}
        answer = self.request("POST", "/moderate/login", {"password": self.password}, origin)
        assert answer.status == 303, answer
        self.headers |= {"Cookie": answer.headers["set-cookie"].partition(";")[0], **origin}

    def csrf(self) -> str:
        match = re.search(r'name="csrf" value="(\w+)"', self.get("/moderate/").text)
        assert match
        return match[1]

    def decide(self, action: str, *items: str) -> Answer:
        """Decide about responses, each given as ``id:revision``."""
        pairs = [("csrf", self.csrf()), ("action", action), *(("item", item) for item in items)]
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.request("POST", "/moderate/decide", None, kind, urlencode(pairs).encode())

    def afterword(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run the command line in the same blog."""
        return run(self.site, *arguments, text=text)

    def waiting(self) -> list[dict[str, object]]:
        """The queue of those that wait, from the command line."""
        found = json.loads(self.afterword("queue", "--json").stdout)
        responses = found["responses"]
        assert isinstance(responses, list)
        return responses


def run(site: Site, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line in a blog's folder."""
    return subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-m", "afterword", *arguments],
        cwd=site.root,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def token_of(answer: Answer) -> str:
    """The token of the status page that an answer leads to."""
    return urlsplit(answer.headers["location"]).path.rpartition("/")[2]


@contextmanager
def serving(
    site: Site, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[Service]:
    """Run `afterword` with these arguments and a port, until the block ends."""
    port = free_port()
    log = site.root / f"log-{port}"
    with log.open("w") as file:
        process = subprocess.Popen(  # noqa: S603  # our own command line
            [sys.executable, "-m", "afterword", *arguments, "--port", str(port)],
            cwd=site.root,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    service = Service(site, port, process, log)
    try:
        yield service
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=PATIENCE)
        finally:
            process.kill()


@contextmanager
def intake(site: Site, environment: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Run the production service on a built blog, and wait until it answers."""
    no_build = {"AFTERWORD_BUILD": "no"}
    with serving(site, "intake", environment=no_build | dict(environment or {})) as service:
        service.wait_for("/healthz", lambda answer: answer.status == 200)
        yield service


@contextmanager
def preview(site: Site, environment: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Run `make serve`'s command on a blog, and wait until the site is there."""
    with serving(site, "serve", environment=environment) as service:
        service.wait_for("/", lambda answer: answer.status == 200)
        yield service


def blog(site: Site, settings: str = "") -> Site:
    """A blog with one post and one published response, built."""
    site.post("first", "Morning.")
    site.response("first", "17", "The first word.")
    site.write({"pelicanconf.py": OPEN + settings})
    build = site.build_with("pelicanconf.py")
    assert build.status == 0, build.log
    return site
