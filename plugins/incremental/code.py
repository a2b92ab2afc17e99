"""What a build is made by: the versions of what is installed, and the code of what is not."""

import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable
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
    for source in sorted({path for each in modules if (path := _own_source(each))}):
        found.update(str(source).encode() + b"\0" + source.read_bytes())
    return found.digest()


def _packages(place: Path) -> list[str]:
    """What is installed in a folder, with the versions."""
    if not place.is_dir():
        return []
    return sorted(n for n in os.listdir(place) if n.endswith((".dist-info", ".egg-info")))  # noqa: PTH208  # names are all we want


def _own_source(module: ModuleType) -> Path | None:
    """The source of a module that belongs to no installed package."""
    path = Path(getattr(module, "__file__", None) or "")
    installed = {
        sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
    }
    if path.suffix != ".py" or any(path.is_relative_to(place) for place in installed):
        return None
    return path if path.is_file() else None
