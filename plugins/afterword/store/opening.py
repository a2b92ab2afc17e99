"""Which store an address means."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from afterword.errors import StoreError
from afterword.store import Store
from afterword.store.memory import MemoryStore
from afterword.store.sqlite import SqliteStore


def open_store(url: str, folder: Path, clock: Callable[[], datetime]) -> Store:
    """Open the store at ``url``; in SQLite in ``folder`` where that is empty.

    Known are ``postgresql://…``, ``sqlite:///path`` and ``memory:``. Raises StoreError.
    """
    scheme, _, rest = url.partition(":")
    if not url:
        return SqliteStore(folder / "queue.sqlite3", clock)
    if scheme == "sqlite" and rest.startswith("///"):
        return SqliteStore(Path(rest.removeprefix("///")), clock)
    if scheme == "memory":
        return MemoryStore(clock)
    if scheme in {"postgresql", "postgres"}:
        try:
            from afterword.store.postgres import PostgresStore  # noqa: PLC0415  # an extra
        except ModuleNotFoundError:
            why = "PostgreSQL needs its driver: pip install 'pelican-afterword[postgres]'"
            raise StoreError(why) from None
        return PostgresStore(f"postgresql:{rest}", clock)
    raise StoreError(f"{scheme}: is no kind of database that is known here")
