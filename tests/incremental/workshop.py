"""Builds by a process that has imported Pelican and the plugins once, and forks for each.

A build is the same as by the command line, and takes a fraction of the time. It can be killed
at any of the moments at which it touches a file or a database, and its clock can be set.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.site import ROOT, SETTINGS, Build, Site

_OURS: Final = 'PLUGINS = [*PLUGINS, "incremental"]\nINCREMENTAL_WHY = True\nINCREMENTAL_JOBS = 1\n'
_ARGUMENTS: Final = ("content", "-s", "settings.py", "--fatal", "errors", "--log-handler", "plain")
# The exit status of a publishing that would need a build.
NEEDS_BUILD: Final = 3
# How much of two files is shown where they begin to differ.
_SHOWN: Final = 100


@dataclass(frozen=True)
class Order:
    """A build: where, with which arguments of Pelican's, and whether it comes to its end.

    ``dies_at`` kills it before that step of those that it takes on files and databases; with it
    go the processes that work for it, if it is ``with_workers``. ``clock`` is by how many
    seconds Pelican's own idea of the time is ahead. A ``resident`` build is made by a process
    that stays for the next one of the same site, as in ``make serve``. ``publishing`` is no build:
    responses are put into the finished pages, if that can be done without one.
    """

    root: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    clock: int = 0
    dies_at: int = 0
    with_workers: bool = True
    resident: bool = False
    publishing: bool = False


class Workshop:
    """Where builds are ordered."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def build(self, order: Order) -> int:
        """Return the build's exit status, or less than 0 if it was killed.

        What it prints stands in the file ``build.log`` of the site.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the workshop has closed down"
        return int(answer)


@contextmanager
def workshop(seed: int = 0) -> Iterator[Workshop]:
    """A workshop, closed at the end; ``seed`` is that of the order of sets."""
    paths = os.pathsep.join(map(str, (ROOT / "plugins", ROOT)))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.incremental.workbench"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Workshop(process)
        process.stdin.close()  # type: ignore[union-attr]  # it is a pipe


@dataclass(frozen=True)
class Specimen:
    """A blog that is built in a workshop, and again and again.

    Clean builds are made in ``another`` one: they must not depend on the process.
    """

    site: Site
    workshop: Workshop
    another: Workshop | None = None

    @property
    def root(self) -> Path:
        return self.site.root

    def set(self, settings: str = "") -> None:
        """Write the settings file: what a small blog sets, and then this."""
        (self.root / "content").mkdir(exist_ok=True)
        self.site.write({"settings.py": SETTINGS + _OURS + settings})

    def build(self, output: str = "output", *options: str, **circumstances: Any) -> Build:  # noqa: ANN401  # an order's
        """Build once more; ``circumstances`` are those of an Order."""
        return self._built(self.workshop, output, *options, **circumstances)

    def publish(self, **circumstances: Any) -> bool | None:  # noqa: ANN401  # an order's
        """Publish responses without a build; False where only a build will do, None if killed."""
        status = self.build(publishing=True, **circumstances).status
        return None if status < 0 else {0: True, NEEDS_BUILD: False}[status]

    def clean_build(self, **circumstances: Any) -> Build:  # noqa: ANN401  # an order's
        """Build as if for the first time, elsewhere."""
        for name in ("clean", "var/clean"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        elsewhere = ("clean", "-e", 'INCREMENTAL_STATE="var/clean"')
        circumstances["resident"] = False
        return self._built(self.another or self.workshop, *elsewhere, **circumstances)

    def pelicans_build(self, **circumstances: Any) -> Build:  # noqa: ANN401  # an order's
        """Build as Pelican does without us, elsewhere."""
        shutil.rmtree(self.root / "usual", ignore_errors=True)
        circumstances["resident"] = False
        return self.build("usual", "-e", 'INCREMENTAL_STATE=""', **circumstances)

    def prove(self, **circumstances: Any) -> Mapping[str, str]:  # noqa: ANN401  # an order's
        """Build once more, and expect what a clean build makes. Returns the pages rendered."""
        build = self.build(**circumstances)
        clean = self.clean_build(**circumstances)
        assert clean.status == 0, clean.log
        assert build.status == 0, build.log
        same(build, clean)
        return rendered(build)

    def _built(self, shop: Workshop, output: str, *options: str, **circumstances: Any) -> Build:  # noqa: ANN401  # an order's
        arguments = [*_ARGUMENTS, "-o", output, *options]
        status = shop.build(Order(str(self.root), arguments, **circumstances))
        return Build(self.root / output, status, (self.root / "build.log").read_text())


def same(build: Build, clean: Build) -> None:
    """Expect that two builds have made the same files, and say which are not."""
    found, wanted = build.files(), clean.files()
    differences = [
        f"{name}: {_difference(found.get(name), wanted.get(name))}"
        for name in sorted(found.keys() | wanted.keys())
        if found.get(name) != wanted.get(name)
    ]
    assert not differences, "\n".join(differences)


def rendered(build: Build) -> Mapping[str, str]:
    """The pages that a build has rendered, and why."""
    files = build.files()
    lines = (line.partition(": ") for line in build.log.splitlines())
    return {name: why for name, _, why in lines if why and name in files}


def _difference(found: bytes | None, wanted: bytes | None) -> str:
    """The place from which two files are not the same."""
    if found is None or wanted is None:
        return "is not there" if found is None else "should not be there"
    pairs = enumerate(zip(found, wanted, strict=False))
    first = next((n for n, (one, other) in pairs if one != other), min(len(found), len(wanted)))
    around = slice(max(0, first - _SHOWN), first + _SHOWN)
    shown = (repr(each[around].decode(errors="replace")) for each in (found, wanted))
    return " instead of ".join(shown)
