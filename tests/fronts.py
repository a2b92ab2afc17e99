"""Web servers as they stand in front of a blog, really started."""

import getpass
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service import Service


@contextmanager
def running(service: Service, port: int, *command: str) -> Iterator[Service]:
    """Run a server until it is no longer needed; what it has printed is its log."""
    log = service.site.root / f"{command[0]}.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, text=True)  # noqa: S603  # our own words
    front = replace(service, port=port, process=process, log=log)
    try:
        front.wait_for("/", lambda answer: answer.status == 200)
        yield front
    finally:
        process.terminate()
        process.wait()


def nginx_around(folder: Path, http: str) -> str:
    """What nginx has to be told around its `http` block to run from a folder, by anybody."""
    paths = " ".join(
        f"{name}_temp_path {folder / name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"user {getpass.getuser()}; daemon off; pid {folder / 'pid'}; error_log stderr;\n"
        "events {}\n"
        f"http {{ {paths} access_log {folder / 'access.log'};\n{http}\n}}\n"
    )


def where_installed(*starts: Callable[..., AbstractContextManager[object]]) -> list[object]:
    """What starts a server of the same name, as parameters: left out where there is none."""
    return [
        pytest.param(
            start,
            id=start.__name__,
            marks=pytest.mark.skipif(
                shutil.which(start.__name__) is None, reason=f"{start.__name__} is not installed"
            ),
        )
        for start in starts
    ]
