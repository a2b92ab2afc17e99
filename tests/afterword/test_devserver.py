"""The preview, run as `make serve` runs it and read as a browser reads it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.site import SETTINGS, Site

_PATIENCE = 30  # seconds; only ever spent when something is broken


@dataclass(frozen=True)
class Preview:
    """A running preview."""

    site: Site
    port: int
    process: subprocess.Popen[str]

    def get(self, path: str) -> tuple[int, str]:
        """Fetch a page; status 0 while nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except ConnectionError:
            return 0, ""
        finally:
            connection.close()

    def wait_for(self, path: str, wanted: Callable[[int, str], bool]) -> str:
        """Fetch a page until it is as wanted."""
        deadline = time.monotonic() + _PATIENCE
        status, text = 0, "nothing, it has ended"
        while time.monotonic() < deadline and self.process.poll() is None:
            status, text = self.get(path)
            if wanted(status, text):
                return text
        pytest.fail(f"{path} never came; last was {status}: {text}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(port: int) -> list[str]:
    """The command behind `make serve`."""
    return [sys.executable, "-m", "afterword", "serve", "--port", str(port)]


@contextmanager
def running(site: Site) -> Iterator[Preview]:
    """A preview of ``site``, ended by Ctrl-C."""
    port = free_port()
    process = subprocess.Popen(  # noqa: S603  # our own command line
        command(port),
        cwd=site.root,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Preview(site, port, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=_PATIENCE)


@pytest.fixture
def blog(site: Site) -> Site:
    """A blog with one post."""
    site.post("first", "Morning.")
    settings = SETTINGS + 'PLUGINS = ["afterword"]\nTHEME = "simple"\n'
    site.write({"pelicanconf.py": settings})
    return site


def test_an_edit_is_built_and_the_page_told_to_reload(blog: Site) -> None:
    with running(blog) as preview:
        page = preview.wait_for("/first/", lambda _, text: "Morning." in text)
        shown = re.search(r'EventSource\("(.*)"\).*e\.data !== "(\d+)"', page)
        assert shown
        stream = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=_PATIENCE)
        stream.request("GET", shown[1])
        events = stream.getresponse()
        assert events.readline() == f"data: {shown[2]}\n".encode()
        events.readline()
        blog.post("first", "Evening.")
        assert events.readline() == f"data: {int(shown[2]) + 1}\n".encode()
        stream.close()
        assert "Evening." in preview.get("/first/")[1]


def test_a_failing_build_leaves_the_last_good_one(blog: Site) -> None:
    with running(blog) as preview:
        preview.wait_for("/first/", lambda _, text: "Morning." in text)
        blog.write({"pelicanconf.py": "raise SystemExit(3)"})
        blog.post("first", "Evening.")
        assert "Morning." in preview.get("/first/")[1]
        good = SETTINGS + 'PLUGINS = ["afterword"]\nTHEME = "simple"\n'
        blog.write({"pelicanconf.py": good})
        preview.wait_for("/first/", lambda _, text: "Evening." in text)


def test_a_first_build_that_fails_is_mended_without_a_restart(blog: Site) -> None:
    good = (blog.root / "pelicanconf.py").read_text()
    blog.write({"pelicanconf.py": "raise SystemExit(3)"})
    with running(blog) as preview:
        assert "terminal" in preview.wait_for("/", lambda status, _: status == 503)
        blog.write({"pelicanconf.py": good})
        preview.wait_for("/first/", lambda status, _: status == 200)


def test_pages_know_the_address_they_are_served_at(blog: Site) -> None:
    blog.write({"overrides/article.html": "{{ SITEURL }}"})
    with (blog.root / "pelicanconf.py").open("a") as settings:
        settings.write('THEME_TEMPLATES_OVERRIDES = ["overrides"]\n')
    with running(blog) as preview:
        preview.wait_for("/first/", lambda _, text: f"http://127.0.0.1:{preview.port}" in text)


def test_a_taken_port_is_one_clear_line(blog: Site) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = subprocess.run(  # noqa: S603  # our own command line
            command(port), cwd=blog.root, capture_output=True, text=True, check=False
        )
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        f"Error: port {port}: Address already in use; choose another with --port or PORT="
    ]


def test_ctrl_c_ends_it_cleanly(blog: Site) -> None:
    with running(blog) as preview:
        preview.wait_for("/first/", lambda status, _: status == 200)
    assert preview.process.returncode == 0
    assert not (blog.root / "var/serve").exists()
