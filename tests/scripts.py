"""A script in a process of its own, for tests of what several processes do at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PATIENCE = 30  # seconds; only ever spent when something is broken
PLUGINS = Path(__file__).parents[1] / "plugins"


@contextmanager
def script(text: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of ours that runs this, and is gone when the block ends."""
    process = subprocess.Popen(  # noqa: S603  # our own command line
        [sys.executable, "-c", text, *arguments],
        env={**os.environ, "PYTHONPATH": str(PLUGINS)},
        stdin=subprocess.PIPE,  # which never comes to an end
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def line(stream: IO[str] | None) -> str:
    assert stream
    return stream.readline().strip()
