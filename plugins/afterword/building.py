"""Building the site: by Pelican or a command of the owner's, and no reader meets a torn page.

A build that remembers what it makes replaces each file whole where it stands. Others go to a
folder of their own, and only when one is whole are its files put in place, each by a rename.
"""

import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from incremental.outputs import Outputs
from incremental.state import State, file_for
from incremental.turns import is_used, taking_turns, using

log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build ended, and what it printed."""

    ok: bool
    log: str


Build = Callable[[Path], Outcome]


def pelican_build(settings_file: str, *, remembering: bool = False) -> Build:
    """Return a function that builds the site into a folder, in an interpreter of its own.

    A fresh interpreter sees edited plugins and settings, and a build that dies takes nothing
    with it. ``remembering`` is for a folder that is built into again and again.
    """

    def build(output: Path) -> Outcome:
        command = [sys.executable, "-m", "pelican", "-s", settings_file, "-o", str(output)]
        command += ["--fatal", "errors", "--log-handler", "plain"]
        if not remembering:
            command += ["-e", 'INCREMENTAL_STATE=""']
        output.mkdir(parents=True, exist_ok=True)
        # It goes on if we are killed, and nobody is to take its folder away or for finished.
        with using(output) as handle:
            return _run(command, handle)

    return build


def command(line: str) -> Outcome:
    """Run the owner's own command to build the site, in a shell, as they would."""
    return _run(["/bin/sh", "-c", line])


def into_place(
    build: Build, output: Path, folder: Path, waiting: Callable[[], object] | None = None
) -> Outcome:
    """Build aside, below ``folder``, and put the result into ``output`` file by file.

    Files with the same bytes are not touched; those that an earlier build put there and this
    one has not made are removed. One process at a time does this; ``waiting`` is called if
    another is long about it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with taking_turns(folder / "build.lock", waiting):
        for left in folder.glob("build-*/"):  # by one that was killed
            if not is_used(left):
                shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix="build-", dir=folder))
        try:
            outcome = build(made)
            if outcome.ok:
                _install(made, output, file_for(folder, output))
        except OSError as error:
            outcome = Outcome(ok=False, log=str(error))
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return outcome


def _run(command: list[str], *handles: int) -> Outcome:
    run = subprocess.run(  # noqa: S603  # our own command line, or the owner's
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        pass_fds=handles,
    )
    return Outcome(run.returncode == 0, run.stdout)


def _install(made: Path, output: Path, memory: Path) -> None:
    """Put what was made into the output folder, pages last: what they point to is there then."""
    names = [path.relative_to(made) for path in made.rglob("*") if path.is_file()]
    with State.open(memory) as state, Outputs(output, state).building() as outputs:
        for name in sorted(names, key=lambda name: (name.suffix == ".html", name)):
            outputs.copy(name.as_posix(), made / name)
