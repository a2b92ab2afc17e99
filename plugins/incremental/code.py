"""What a build is made by: the versions of what is installed, the code of what is not, settings.

Where any of it differs, nothing that was made before is taken for what would be made now.
"""

import hashlib
import importlib
import json
import locale
import logging
import os
import re
import sys
import sysconfig
import time
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

log: Final = logging.getLogger(__name__)

# What says where a build goes, and how it is done, but not what it makes.
_ELSEWHERE: Final = frozenset(
    {
        *("OUTPUT_PATH", "CACHE_PATH", "DEBUG", "PORT", "BIND"),
        *("INCREMENTAL_STATE", "INCREMENTAL_JOBS", "INCREMENTAL_WHY"),
    }
)
_ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+")


def digest(modules: Iterable[ModuleType]) -> bytes:
    """Return what changes when Python, an installed package or a module of one's own does.

    ``modules`` are all that are in use. Those that belong to installed packages count by the
    versions. Of the others everything counts that lies beside them in their package, whether it
    has been imported yet or not, and as it was when it was first asked for: what a process has
    loaded it goes on with.
    """
    found = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for place in sys.path:
        for name in _packages(Path(place)):
            found.update(name.encode() + b"\0")
    for path in _tops({module.__name__: module for module in modules}):
        found.update(os.fsencode(path) + b"\0" + _source(path))
    return found.digest()


def circumstances(settings: Mapping[str, Any]) -> bytes:
    """Return what changes when the settings or the code do; where that cannot be told, always."""
    return told(settings) or os.urandom(20)


def told(settings: Mapping[str, Any]) -> bytes | None:
    """Return what changes when the settings or the code do, or None if that cannot be told.

    It cannot if a setting holds an object that looks like another one in each process.
    """
    extensions = settings["MARKDOWN"].get("extensions", ())
    configured = settings["MARKDOWN"].get("extension_configs", ())
    named = [each for each in (*extensions, *configured) if isinstance(each, str)]
    for name in named:
        _import(name.partition(":")[0])
    # Pelican's reader completes this setting when it is made, so that it grows during a build.
    unnamed = [each for each in extensions if not isinstance(each, str)]
    markdown = {**settings["MARKDOWN"], "extensions": [*dict.fromkeys(named), *unnamed]}
    kept = {name: value for name, value in settings.items() if name not in _ELSEWHERE}
    text = repr(_plain({**kept, "MARKDOWN": markdown}))
    if _ADDRESS.search(text):
        return None
    around = json.dumps([locale.setlocale(locale.LC_ALL), time.tzname])
    return hashlib.blake2b(
        digest(tuple(sys.modules.values())) + (around + text).encode(), digest_size=20
    ).digest()


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        log.debug("%s is no module; Markdown knows better what it is", name)


def _plain(value: object) -> object:
    """A value of which ``repr`` says the same in every process."""
    if isinstance(value, Mapping):
        return sorted((repr(key), _plain(each)) for key, each in value.items())
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    name = getattr(value, "__qualname__", None)
    return f"{getattr(value, '__module__', '')}.{name}" if name else value


def _packages(place: Path) -> list[str]:
    """What is installed in a folder, with the versions."""
    if not place.is_dir():
        return []
    return sorted(n for n in os.listdir(place) if n.endswith((".dist-info", ".egg-info")))  # noqa: PTH208  # names are all we want


def _tops(modules: Mapping[str, ModuleType]) -> list[str]:
    """The files of those that are not installed, of a package's modules only the topmost."""
    ours = {name: str(path) for name, each in modules.items() if (path := own_source(each))}
    ours.pop("__main__", None)  # which has another name besides
    return sorted({path for name, path in ours.items() if name.rpartition(".")[0] not in ours})


def own_source(module: ModuleType) -> Path | None:
    """The source of a module that belongs to no installed package; None for other modules."""
    name = getattr(module, "__file__", None) or ""
    if not name.endswith(".py") or os.path.abspath(name).startswith(places()):  # noqa: PTH100  # asked of a thousand
        return None
    return Path(name) if os.path.isfile(name) else None  # noqa: PTH113  # as above


@cache
def places() -> tuple[str, ...]:
    """The folders of Python's own library and of installed packages, each with a slash."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple({f"{sysconfig.get_path(name)}/" for name in names})


@cache
def _source(path: str) -> bytes:
    """A digest of a module, or of the whole package whose first file this is."""
    top = Path(path)
    found = hashlib.blake2b(digest_size=16)
    for each in sorted(top.parent.rglob("*.py")) if top.name == "__init__.py" else [top]:
        if each.is_file():
            found.update(os.fsencode(each) + b"\0" + each.read_bytes())
    return found.digest()
