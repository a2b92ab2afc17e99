"""Reading a file only if it, or what reads it, has changed.

What a reader makes of a file is kept by all that went into it: the file's bytes and place, the
settings, and the code. A reader that opens other files while it reads one, as extensions do
that include files, is asked each time.
"""

import hashlib
import importlib
import json
import logging
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from pelican.readers import Readers

from incremental import code, values
from incremental.parsed import Parsed

log: Final = logging.getLogger(__name__)

# Code is told by its version, and so is what comes with it.
_CODE: Final = (".py", ".pyc", ".so", "METADATA", "entry_points.txt")

Found = tuple[str | None, Mapping[str, Any] | None]
_opened: Final[ContextVar[set[str] | None]] = ContextVar("opened", default=None)


@cache
def listen() -> None:
    """Begin to notice which files are opened during a reading; once, for the whole process."""
    sys.addaudithook(_notice)


def _notice(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and (opened := _opened.get()) is not None:
        name = arguments[0]
        if isinstance(name, str) and not name.endswith(_CODE):
            opened.add(name)


def circumstances(settings: Mapping[str, Any]) -> bytes:
    """Return what changes when the settings or the code change that files are read by."""
    for name in settings["MARKDOWN"].get("extensions", ()):
        if isinstance(name, str):
            _import(name.partition(":")[0])
    text = json.dumps(dict(settings), sort_keys=True, default=_described)
    return hashlib.blake2b(code.digest(tuple(sys.modules.values())) + text.encode()).digest()


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        log.debug("%s is no module; Markdown knows better what it is", name)


def _described(value: object) -> str:
    """A value that is not plain; one that is described by its address is another each time."""
    name = getattr(value, "__qualname__", None)
    return f"{value.__module__}.{name}" if name else repr(value)


class Memory:
    """Stands between the readers of a generator and Pelican's cache."""

    def __init__(self, readers: Readers, parsed: Parsed, made_by: bytes) -> None:
        self._readers = readers
        self._parsed = parsed
        self._made_by = made_by
        self._others: dict[str, set[str]] = {}

    def take_over(self) -> None:
        """Have the readers ask us what is known about a file, and tell us what they find."""
        listen()
        self._readers.get_cached_data = self.recall
        self._readers.cache_data = self.keep
        self._readers.save_cache = lambda: None
        for reader in self._readers.readers.values():
            reader.read = partial(self._watch, reader.read)

    def recall(self, path: str, default: Found) -> Found:
        """What was found in a file as it is now, or the default."""
        value = self._parsed.get(self._key(path, Path(path).read_bytes()))
        if value is None:
            return default
        content, metadata = values.load(value, self._readers.settings)
        return content, metadata

    def keep(self, path: str, found: Found) -> None:
        """Keep what was found, if it can be had from the file alone."""
        if self._others.pop(path, None) != set():
            return
        data = Path(path).read_bytes()
        try:
            value = values.dump(list(found))
        except values.NotPlain as error:
            log.debug("%s is read anew each time: it holds a %s", path, error)
            return
        dates = [each for each in (found[1] or {}).values() if isinstance(each, datetime)]
        # What a date leaves out Pelican takes from today's.
        whole = all(each.date().isoformat().encode() in data for each in dates)
        self._parsed.put(self._key(path, data), value, for_today=not whole)

    def _watch(self, read: Callable[[str], Found], path: str) -> Found:
        before = Path(path).read_bytes()
        opened: set[str] = set()
        token = _opened.set(opened)
        try:
            found = read(path)
        finally:
            _opened.reset(token)
        # A file that changed meanwhile: nobody knows which of the two was read.
        if Path(path).read_bytes() == before:
            self._others[path] = opened - {path}
        return found

    def _key(self, path: str, data: bytes) -> bytes:
        return hashlib.blake2b(self._made_by + f"{path}\0".encode() + data, digest_size=20).digest()


class Remembering:
    """What makes a generator read a file only if it has changed; to be put before its class."""

    readers: Readers
    parsed: Parsed
    made_by: bytes

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  # the generator's
        super().__init__(*arguments, **named)
        Memory(self.readers, self.parsed, self.made_by).take_over()
