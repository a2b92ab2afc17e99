"""Files that are on disk, whole, when a call returns: whatever happens meanwhile."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Each file waits for the disk, and the disk can wait for many at once.
_WRITERS: Final = 8
_SUFFIX: Final = ".tmp"
# As tempfile names them.
_TEMPORARY: Final = re.compile(rf"\..*-[a-z0-9_]{{8}}{re.escape(_SUFFIX)}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file to be written, and what its bytes have to pass before they take its name."""

    path: Path
    data: bytes
    check: Callable[[Path], object]


def write(
    path: Path, data: bytes, check: Callable[[Path], object] | None = None, *, replace: bool = False
) -> None:
    """Write a file, and the folders that it lies in.

    The bytes go to a temporary file in the same folder, are synced, and given to ``check``, which
    may raise; only then do they take the file's name. Raises FileExistsError, without
    ``replace``, where there is a file, and OSError; then nothing has changed.
    """
    make_folder(path.parent)
    _name(path, data, check, replace=replace)
    sync_folder(path.parent)


def write_new(drafts: Sequence[Draft]) -> Sequence[Exception | None]:
    """Write many files where none are, each for itself: return what ``write`` would have raised.

    All are on disk when this returns. A folder is waited for once, however many of them it holds.
    """
    troubles: dict[Path, Exception] = {}
    folders = dict.fromkeys(each.path.parent for each in drafts)
    for folder in folders:
        with _noted(folder, troubles):
            make_folder(folder)
    with ThreadPoolExecutor(_WRITERS) as pool:
        answers = list(pool.map(_new, drafts))
    for folder in folders:
        with _noted(folder, troubles):
            sync_folder(folder)
    # What is wrong with a folder explains what is wrong with what should be in it.
    return [
        troubles.get(each.path.parent) or answer
        for each, answer in zip(drafts, answers, strict=True)
    ]


@contextmanager
def _noted(folder: Path, troubles: dict[Path, Exception]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        troubles.setdefault(folder, error)


def _new(draft: Draft) -> Exception | None:
    try:
        _name(draft.path, draft.data, draft.check, replace=False)
    except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to who asked
        return error
    return None


def _name(
    path: Path, data: bytes, check: Callable[[Path], object] | None, *, replace: bool
) -> None:
    """Have a file take its name, with all its bytes on disk; the name need not be there yet."""
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


def sweep(root: Path) -> None:
    """Remove what writers that were killed have left in a folder and below it.

    To be called while nobody writes there. Raises OSError.
    """
    for path in root.rglob(f".*{_SUFFIX}"):
        if _TEMPORARY.fullmatch(path.name):
            path.unlink(missing_ok=True)


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
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=_SUFFIX, dir=path.parent)
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
