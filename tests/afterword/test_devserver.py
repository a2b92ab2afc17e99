"""The preview, run as `make serve` runs it and read as a browser reads it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock

import pytest

from tests.service import OPEN, free_port, serving, token_of
from tests.site import ROOT, SETTINGS, Site

pytestmark = pytest.mark.builds

_PATIENCE = 60  # seconds; only ever spent when something is broken

_GOOD = SETTINGS + 'PLUGINS = ["afterword", "own"]\nPLUGIN_PATHS += ["own"]\nTHEME = "simple"\n'
# A plugin of the site's own, by which it is seen who builds, and for how long.
_OWN = """
import fcntl, os
from pelican import signals

alive = open("alive", "w")
fcntl.flock(alive, fcntl.LOCK_EX)

def register():
    signals.finalized.connect(say)

def say(pelican):
    print("built by", os.getpid())
"""


@dataclass(frozen=True)
class Preview:
    """A running preview, and what a browser with one page open hears of its builds."""

    site: Site
    port: int
    process: subprocess.Popen[str]
    events: http.client.HTTPResponse

    def get(self, path: str) -> tuple[int, str]:
        """Fetch a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def wait_for(self, path: str, wanted: Callable[[int, str], bool]) -> str:
        """Fetch a page after each build until it is as wanted."""
        while not wanted(*(found := self.get(path))):
            # This fails when nothing has been built for too long a time.
            assert self.events.readline(), f"{path} never came; last was {found}"
        return found[1]

    def shows(self, path: str, words: str) -> None:
        """Wait until a page has these words."""
        self.wait_for(path, lambda _, text: words in text)

    def said(self, words: str) -> str:
        """The next line in the terminal that has these words."""
        assert self.process.stdout
        return next(line for line in self.process.stdout if words in line)

    def builder(self, *others: int) -> int:
        """The process that builds next, if it is none of the others."""
        while (found := int(self.said("built by").rpartition(" ")[2])) in others:
            pass
        return found


def command(port: int) -> list[str]:
    """The command behind `make serve`."""
    return [sys.executable, "-m", "afterword", "serve", "--port", str(port)]


@contextmanager
def running(site: Site, port: int | None = None) -> Iterator[Preview]:
    """A preview of ``site``, ended by Ctrl-C."""
    port = port or free_port()
    process = subprocess.Popen(  # noqa: S603  # our own command line
        command(port),
        cwd=site.root,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    stream = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        while not stream.sock and process.poll() is None:
            with suppress(ConnectionError):
                stream.connect()
        stream.request("GET", "/_afterword/builds")
        yield Preview(site, port, process, stream.getresponse())
    finally:
        stream.close()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=_PATIENCE)


@pytest.fixture
def blog(site: Site) -> Site:
    """A blog with one post."""
    site.post("first", "Morning.")
    site.write({"pelicanconf.py": _GOOD, "own/own.py": _OWN, "own/__init__.py": ""})
    return site


def number(page: str) -> str:
    """The number of the build that a page takes itself to be of."""
    found = re.search(r'EventSource\("/_afterword/builds"\).*e\.data !== "(\d+)"', page)
    assert found
    return found[1]


def test_a_page_is_shown_as_saved_and_told_to_reload(blog: Site) -> None:
    with running(blog) as preview:
        preview.shows("/first/", "Morning.")
        before = number(preview.get("/first/")[1])
        blog.post("first", "Evening.")
        preview.shows("/first/", "Evening.")
        preview.wait_for("/first/", lambda _, text: number(text) != before)


def test_the_last_of_two_quick_saves_is_shown(blog: Site) -> None:
    with running(blog) as preview:
        preview.shows("/first/", "Morning.")
        for words in ("Noon.", "Evening."):
            (blog.root / "next").write_text(f"Title: First\nDate: 2026-01-02\n\n{words}\n")
            (blog.root / "next").replace(blog.root / "content/posts/first.md")
        preview.shows("/first/", "Evening.")
        assert "Noon." not in preview.get("/first/")[1]


def test_posts_come_and_go(blog: Site) -> None:
    with running(blog) as preview:
        preview.shows("/first/", "Morning.")
        blog.post("second", "Noon.")
        preview.shows("/second/", "Noon.")
        (blog.root / "content/posts/second.md").unlink()
        missing = preview.wait_for("/second/", lambda status, _: status == 404)
        # It reloads when there is such a page.
        assert number(missing)
        assert "Second" not in preview.get("/")[1]


def test_a_text_is_shown_before_it_is_built(blog: Site) -> None:
    fail = "    signals.initialized.connect(fail)\n"
    failing = _OWN.replace("def register():\n", f"def register():\n{fail}")
    failing += "\ndef fail(pelican):\n    assert not os.path.exists('stop'), 'nobody builds'\n"
    blog.write({"own/own.py": failing})
    with running(blog) as preview:
        preview.builder()
        preview.builder()  # once more, as nobody has watched the folder of plugins before
        (blog.root / "stop").touch()
        blog.post("first", "Evening.")
        preview.shows("/first/", "Evening.")
        assert preview.said("nobody builds")


def test_responses_come_and_go_without_a_build(blog: Site) -> None:
    for name in ("plugins", "theme"):
        (blog.root / name).symlink_to(ROOT / name)
    said = "import os, sys\nif 'pelican' in sys.modules: print('built by', os.getpid())\n"
    blog.write({"pelicanconf.py": SETTINGS + said})
    blog.response("first", "a0", "Hello.")
    with running(blog) as preview:
        preview.shows("/first/", "Hello.")
        builder = preview.builder()
        # Whoever would build now waits for ever.
        os.kill(builder, signal.SIGSTOP)
        blog.response("first", "a1", "Networks work.")
        preview.shows("/first/", "Networks work.")
        (blog.root / "content/comments/first/a1.md").unlink()
        preview.wait_for("/first/", lambda _, text: "Networks" not in text)
        blog.response("first", "a2", "Not to be read.", author="")
        assert "a2.md" in preview.said("author")
        os.kill(builder, signal.SIGCONT)
        blog.response("first", "a3", "They do.")
        blog.post("first", "Evening.")
        preview.shows("/first/", "Evening.")
        preview.shows("/first/", "They do.")


def test_a_broken_template_leaves_the_last_good_pages_until_it_is_mended(blog: Site) -> None:
    with (blog.root / "pelicanconf.py").open("a") as settings:
        settings.write('THEME_TEMPLATES_OVERRIDES = ["overrides"]\n')
    article = "{{ article.content }}"
    blog.write({"overrides/article.html": f"Sound. {article}"})
    with running(blog) as preview:
        preview.shows("/first/", "Sound.")
        blog.write({"overrides/article.html": f"Cracked. {{% {article}"})
        preview.said("TemplateSyntaxError")
        preview.said("The build failed; the last good pages are still shown.")
        assert "Sound." in preview.get("/first/")[1]
        blog.write({"overrides/article.html": f"Mended. {article}"})
        preview.shows("/first/", "Mended.")


def test_a_first_build_that_fails_is_mended_without_a_restart(blog: Site) -> None:
    blog.write({"pelicanconf.py": "raise SystemExit(3)"})
    with running(blog) as preview:
        preview.said("The build failed")
        status, text = preview.get("/first/")
        assert status == 503
        assert "terminal" in text
        blog.write({"pelicanconf.py": _GOOD})
        preview.wait_for("/first/", lambda status, _: status == 200)


def test_settings_and_plugins_are_taken_as_they_are_now(blog: Site) -> None:
    with running(blog) as preview:
        preview.shows("/first/", "A Blog")
        first = preview.builder()
        blog.write({"pelicanconf.py": _GOOD + 'SITENAME = "Another Blog"\n'})
        preview.shows("/first/", "Another Blog")
        second = preview.builder(first)
        blog.write({"own/own.py": _OWN + "    print('and signed')\n"})
        preview.builder(first, second)
        preview.said("and signed")


def test_it_goes_on_when_the_process_that_builds_is_killed(blog: Site) -> None:
    with running(blog) as preview:
        preview.shows("/first/", "Morning.")
        os.kill(preview.builder(), signal.SIGKILL)
        blog.post("first", "Evening.")
        preview.shows("/first/", "Evening.")


def test_what_was_built_is_there_at_the_next_start(blog: Site) -> None:
    port = free_port()
    with running(blog, port) as preview:
        preview.shows("/first/", "Morning.")
        preview.builder()
    page = blog.root / f"var/serve/{port}/output/first/index.html"
    made = page.stat()
    blog.write({"pelicanconf.py": _GOOD + "INCREMENTAL_WHY = True\n"})
    with running(blog, port) as preview:
        preview.builder()
        assert "Morning." in preview.get("/first/")[1]
    assert page.stat() == made


def test_pages_know_the_address_they_are_served_at(blog: Site) -> None:
    blog.write({"overrides/article.html": "{{ SITEURL }}"})
    with (blog.root / "pelicanconf.py").open("a") as settings:
        settings.write('THEME_TEMPLATES_OVERRIDES = ["overrides"]\n')
    with running(blog) as preview:
        preview.shows("/first/", f"http://127.0.0.1:{preview.port}")


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


def test_ctrl_c_does_not_wait_for_browsers(blog: Site) -> None:
    with running(blog) as preview:
        preview.shows("/first/", "Morning.")
        preview.process.send_signal(signal.SIGINT)
        # This comes to an end, although the browser would listen for ever.
        preview.events.read()
        output, _ = preview.process.communicate(timeout=_PATIENCE)
        assert "Traceback" not in output


def test_ctrl_c_ends_it_cleanly_and_what_it_has_started(blog: Site) -> None:
    with running(blog) as preview:
        preview.shows("/first/", "Morning.")
    assert preview.process.returncode == 0
    with (blog.root / "alive").open() as alive:
        flock(alive, LOCK_EX | LOCK_NB)


def test_what_the_moderator_approves_is_shown(blog: Site) -> None:
    blog.write({"pelicanconf.py": OPEN})
    with serving(blog, "serve") as service:
        service.wait_for("/first/", lambda answer: answer.status == 200)
        token = token_of(service.send(body="Networks work."))
        assert token
        service.log_in()
        (waiting,) = service.waiting()
        service.decide("approve", f"{waiting['id']}:{waiting['revision']}")
        service.wait_for("/first/", lambda answer: "Networks work." in answer.text)


def test_the_process_that_builds_ends_with_the_one_that_asks(blog: Site) -> None:
    with running(blog) as preview:
        preview.shows("/first/", "Morning.")
        preview.process.kill()
        with (blog.root / "alive").open() as alive:
            # Waits for as long as the other one lives.
            flock(alive, LOCK_EX)
