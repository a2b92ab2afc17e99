"""Files that are on disk, whole, when a call returns: whatever happens meanwhile."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def write(
    path: Path, data: bytes, check: Callable[[Path], object] | None = None, *, replace: bool = False
) -> None:
    """Write a file, and the folders that it lies in.

    The bytes go to a temporary file in the same folder, are synced, and given to ``check``, which
    may raise; only then do they take the file's name. Raises FileExistsError, without
    ``replace``, where there is a file, and OSError; then nothing has changed.
    """
    make_folder(path.parent)
    temporary = _write_temporary(path, data)
    try:
        if check:
            check(temporary)
        if replace:
            temporary.replace(path)
        else:
            os.link(temporary, path)  # unlike a rename, fails where the name is taken
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it lies in. Raises OSError."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        sync_folder(each.parent)


def _write_temporary(path: Path, data: bytes) -> Path:
    # The leading dot keeps it out of every scan, should we be killed before it is removed.
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)  # mkstemp's 0600 would hide it from a web server
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` survive a power loss; without this only its bytes do."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
