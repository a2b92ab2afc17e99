"""Building the site: by Pelican or a command of the owner's, and never half of it.

A build goes to a folder of its own. Only when it is whole are its files put in place, each by
a rename, so that a reader never meets a torn page and a failing build changes nothing.
"""

import filecmp
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Final

log: Final = logging.getLogger(__name__)

_MANIFEST: Final = "built-files.json"
# One name serves all: one build at a time puts one file at a time.
_TEMPORARY: Final = ".afterword-new"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build ended, and what it printed."""

    ok: bool
    log: str


Build = Callable[[Path], Outcome]


def pelican_build(settings_file: str, siteurl: str | None = None) -> Build:
    """Return a function that builds the site into a folder, in an interpreter of its own.

    A fresh interpreter sees edited plugins and settings, and a build that dies takes nothing
    with it. ``siteurl`` replaces the one in the settings.
    """

    def build(output: Path) -> Outcome:
        command = [sys.executable, "-m", "pelican", "-s", settings_file, "-o", str(output)]
        command += ["--fatal", "errors", "--log-handler", "plain"]
        if siteurl is not None:
            command += ["-e", f"SITEURL={json.dumps(siteurl)}"]
        return _run(command)

    return build


def command(line: str) -> Outcome:
    """Run the owner's own command to build the site, in a shell, as they would."""
    return _run(["/bin/sh", "-c", line])


def into_place(build: Build, output: Path, folder: Path) -> Outcome:
    """Build aside, below ``folder``, and put the result into ``output`` file by file.

    Files with the same bytes are not touched; those that an earlier build put there and this
    one has not made are removed. One process at a time does this.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with taking_turns(folder / "build.lock"):
        for left in folder.glob("build-*/"):  # by one that was killed
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix="build-", dir=folder))
        try:
            outcome = build(made)
            if outcome.ok:
                _install(made, output, folder / _MANIFEST)
        except OSError as error:
            outcome = Outcome(ok=False, log=str(error))
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return outcome


@contextmanager
def taking_turns(lock_file: Path) -> Iterator[None]:
    """Wait until no other process is in here with the same lock file."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(handle, LOCK_EX)
        yield
    finally:
        os.close(handle)


def _run(command: list[str]) -> Outcome:
    run = subprocess.run(  # noqa: S603  # our own command line, or the owner's
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Outcome(run.returncode == 0, run.stdout)


def _install(made: Path, output: Path, manifest: Path) -> None:
    names = {path.relative_to(made) for path in made.rglob("*") if path.is_file()}
    earlier = _earlier(manifest)
    # Whoever comes after a kill in here knows everything that we may have put there.
    _note(manifest, earlier | names)
    folders = {folder for name in names for folder in name.parents}
    gone = earlier - names
    # A page may turn into a folder of pages, or back.
    in_the_way = {name for name in gone if name in folders or not names.isdisjoint(name.parents)}
    for name in in_the_way:
        _remove(output, name)
    # Pages last: what they point to is there before them.
    for name in sorted(names, key=lambda name: (name.suffix == ".html", name)):
        _put(made / name, output / name)
    for name in gone - in_the_way:
        _remove(output, name)
    _note(manifest, names)


def _put(source: Path, target: Path) -> None:
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(_TEMPORARY)
    shutil.copyfile(source, temporary)
    temporary.replace(target)


def _remove(output: Path, name: Path) -> None:
    """Remove a file, if it is there, and the folders that it leaves empty."""
    with suppress(FileNotFoundError, NotADirectoryError):
        (output / name).unlink()
    for folder in name.parents[:-1]:
        try:
            (output / folder / _TEMPORARY).unlink(missing_ok=True)
            (output / folder).rmdir()
        except OSError:
            return


def _note(manifest: Path, names: Iterable[Path]) -> None:
    temporary = manifest.with_suffix(".tmp")
    temporary.write_text(json.dumps(sorted(map(Path.as_posix, names))), encoding="utf-8")
    temporary.replace(manifest)


def _earlier(manifest: Path) -> set[Path]:
    try:
        names = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {Path(name) for name in names if isinstance(name, str)}
