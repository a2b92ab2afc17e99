"""Which store an address means."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from afterword.errors import StoreError, StoreUnmade
from afterword.store import Store
from afterword.store.memory import MemoryStore
from afterword.store.sqlite import SqliteStore


def open_store(url: str, folder: Path, clock: Callable[[], datetime]) -> Store:
    """Open the store at ``url``; in SQLite in ``folder`` where that is empty.

    Known are ``postgresql://…``, ``sqlite:///path`` and ``memory:``. Raises StoreError.
    """
    return _opened(url, folder, clock, as_it_is=False)


def look_into(url: str, folder: Path, clock: Callable[[], datetime]) -> Store:
    """Open a store as ``open_store`` does, but as it is, and to read from it alone.

    Nothing is made, and no step is taken; where there are no tables yet, there is nothing in it.
    Raises StoreError, for tables of another version too.
    """
    try:
        return _opened(url, folder, clock, as_it_is=True)
    except StoreUnmade:
        return MemoryStore(clock)


def _opened(url: str, folder: Path, clock: Callable[[], datetime], *, as_it_is: bool) -> Store:
    scheme, _, rest = url.partition(":")
    if not url:
        return SqliteStore(folder / "queue.sqlite3", clock, as_it_is=as_it_is)
    if scheme == "sqlite" and rest.startswith("///"):
        return SqliteStore(Path(rest.removeprefix("///")), clock, as_it_is=as_it_is)
    if scheme == "memory":
        return MemoryStore(clock)
    if scheme in {"postgresql", "postgres"}:
        try:
            from afterword.store.postgres import PostgresStore  # noqa: PLC0415  # an extra
        except ModuleNotFoundError:
            why = "PostgreSQL needs its driver: pip install 'pelican-afterword[postgres]'"
            raise StoreError(why) from None
        return PostgresStore(f"postgresql:{rest}", clock, as_it_is=as_it_is)
    raise StoreError(f"{scheme}: is no kind of database that is known here")
