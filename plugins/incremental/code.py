"""What a build is made by: the versions of what is installed, and the code of what is not."""

import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType


def digest(modules: Iterable[ModuleType]) -> bytes:
    """Return what changes when Python, an installed package or a module of one's own does.

    ``modules`` are all that have been imported; those of packages count by the versions.
    """
    found = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for place in sys.path:
        for name in _packages(Path(place)):
            found.update(name.encode() + b"\0")
    for source in sorted({path for each in modules if (path := own_source(each))}):
        found.update(str(source).encode() + b"\0" + source.read_bytes())
    return found.digest()


def _packages(place: Path) -> list[str]:
    """What is installed in a folder, with the versions."""
    if not place.is_dir():
        return []
    return sorted(n for n in os.listdir(place) if n.endswith((".dist-info", ".egg-info")))  # noqa: PTH208  # names are all we want


def own_source(module: ModuleType) -> Path | None:
    """The source of a module that belongs to no installed package; None for other modules."""
    name = getattr(module, "__file__", None) or ""
    if not name.endswith(".py") or os.path.abspath(name).startswith(_installed()):  # noqa: PTH100  # asked of a thousand
        return None
    return Path(name) if os.path.isfile(name) else None  # noqa: PTH113  # as above


@cache
def _installed() -> tuple[str, ...]:
    """How the paths begin of all that is installed."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple(os.path.join(sysconfig.get_path(name), "") for name in names)  # noqa: PTH118  # keeps its slash
