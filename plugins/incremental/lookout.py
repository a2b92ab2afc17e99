"""What a reader looks at beside the file that it reads.

Python tells by its audit events which files are opened, folders listed and programs started. It
does not tell what is done with the clock, with chance, or with what was opened before.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from incremental.code import places

# Of these the first argument is a file or folder.
_LOOKS: Final = frozenset({"open", "os.listdir", "os.scandir", "glob.glob"})
# Whoever does these has them done to something that nobody here knows.
_ACTS: Final = frozenset(
    {
        *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "subprocess.Popen"),
        *("socket.connect", "socket.getaddrinfo", "urllib.Request", "sqlite3.connect"),
        *("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.utime"),
        *("shutil.copyfile", "shutil.move", "shutil.rmtree", "tempfile.mkstemp"),
    }
)
_CODE: Final = (".py", ".pyc", ".so")

_seen: Final[ContextVar[set[str] | None]] = ContextVar("seen", default=None)


@contextmanager
def watching() -> Iterator[set[str]]:
    """What is looked at meanwhile: names of files, and in brackets what else is done.

    Left out are code and whatever comes with an installed package: that is told by its version.
    """
    _listen()
    seen: set[str] = set()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


@cache
def _listen() -> None:
    """Begin to hear of events: once, for the whole process, as Python has it."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if (event not in _LOOKS and event not in _ACTS) or (seen := _seen.get()) is None:
        return
    if event in _ACTS:
        seen.add(f"[{event}]")
    elif isinstance(arguments[0], str | bytes | os.PathLike):
        path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100  # heard very often
        if event == "open" and _writes(arguments):
            seen.add("[write]")
        elif not (path.endswith(_CODE) or _is_of_code(path)):
            seen.add(path if event == "open" else f"[{event}]")


def _writes(arguments: tuple[Any, ...]) -> bool:
    """Whether a file is opened for more than reading."""
    _, mode, flags = arguments
    return bool(flags & (os.O_WRONLY | os.O_RDWR)) if mode is None else not set(mode) <= set("rbtU")


def _is_of_code(path: str) -> bool:
    """Whether Python looks there for modules; it may do so at any time."""
    return f"{path}/".startswith(places()) or path in map(os.path.abspath, sys.path)
