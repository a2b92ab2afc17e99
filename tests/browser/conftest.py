"""The demonstration blog, built, served and opened in Chromium."""

import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.site import ROOT, Build, Site

# Without these Chromium asks its maker's servers for updates, which no test needs.
_QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass(frozen=True)
class Served:
    """A built site and the address it is served at."""

    build: Build
    url: str


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  # as inherited
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port, and yield the address."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration blog, knowing the address it is served at."""
    root = tmp_path_factory.mktemp("demonstration")
    for name in ("content", "theme", "plugins"):
        (root / name).symlink_to(ROOT / name)
    (root / "output").mkdir()
    with serving(root / "output") as url:
        settings = (ROOT / "pelicanconf.py").read_text(encoding="utf-8")
        (root / "pelicanconf.py").write_text(f"{settings}SITEURL = {url!r}\n", encoding="utf-8")
        build = Site(root).build_with("pelicanconf.py")
        assert build.status == 0, build.log
        yield Served(build, url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing: apt install chromium"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_QUIET + sandbox)
        yield browser
        browser.close()


def broken_links(page: Page, served: Served) -> list[str]:
    """Return what a page links to or shows of its own site that is not there."""
    addresses = page.eval_on_selector_all(
        "a[href], link[href], img[src]", "all => all.map(one => one.href || one.src)"
    )
    service = f"{served.url}/comments/"
    broken = []
    for address in addresses:
        if not address.startswith(served.url) or address.startswith(service):
            continue
        file, _, fragment = address.removeprefix(f"{served.url}/").partition("#")
        target = served.build.output / (file or "index.html")
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file() or (
            fragment
            and target.suffix == ".html"
            and f'id="{fragment}"' not in target.read_text(encoding="utf-8")
        ):
            broken.append(address)
    return broken


@dataclass(frozen=True)
class NuChecker:
    """The Nu HTML checker, as `make check-browser` installs it."""

    java: str
    jar: Path

    def errors(self, folder: Path) -> list[str]:
        """Return every error in the HTML below a folder."""
        return [m for m in self.complaints(folder) if m.startswith("error")]

    def complaints(self, folder: Path) -> list[str]:
        """Return every error and warning about the HTML below a folder."""
        command = [self.java, "-Xss8m", "-jar", str(self.jar), "--format", "json", "--stdout"]
        result = subprocess.run(  # noqa: S603  # our own command line
            [*command, "--skip-non-html", str(folder)], capture_output=True, text=True, check=False
        )
        messages = json.loads(result.stdout)["messages"]
        return [
            f"{m['type']} {m.get('url')}:{m.get('lastLine')}: {m['message']} {m.get('extract')}"
            for m in messages
        ]


@pytest.fixture(scope="session")
def nu_checker() -> NuChecker:
    """The Nu HTML checker."""
    java = shutil.which("java")
    assert java, "Java is missing: apt install default-jre-headless"
    found = list((Path(__file__).parent / "node_modules" / "vnu-jar").rglob("vnu.jar"))
    assert found, "the Nu checker is missing: run make check-browser"
    return NuChecker(java, found[0])
