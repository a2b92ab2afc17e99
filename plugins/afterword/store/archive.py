"""A backup: one line of JSON for each row, which every store can read back."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from afterword.errors import StoreError
from afterword.store.tables import METADATA

_FORMAT: Final = "afterword queue 1"
_AT_ONCE: Final = 500

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def save(connection: Connection, path: Path) -> None:
    """Write all tables to a new file, readable by its owner alone, durably."""
    temporary = path.with_name(f".{path.name}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        number = 0
        file.write(f"{json.dumps(_FORMAT)}\n")
        for line in _lines(connection):
            file.write(line)
            number += 1
        file.write(f"{json.dumps({'rows': number})}\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def load(path: Path) -> Rows:
    """Read a backup. Raises StoreError unless it is whole and one of ours."""
    rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in METADATA.tables}
    try:
        with path.open(encoding="utf-8") as file:
            lines = iter(file)
            if json.loads(next(lines, "null")) != _FORMAT:
                raise StoreError(f"{path.name} is no backup of a queue")
            for number, line in enumerate(lines):
                found = json.loads(line)
                if isinstance(found, dict):
                    if found != {"rows": number} or next(lines, None) is not None:
                        raise StoreError(f"{path.name} is damaged")
                    return rows
                table, values = found
                rows[table].append(
                    dict(zip(METADATA.tables[table].columns.keys(), values, strict=True))
                )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path.name} cannot be read: {error}") from error
    raise StoreError(f"{path.name} ends too early")


def replace(connection: Connection, rows: Rows) -> None:
    """Put the rows of a backup in place of everything that is there."""
    for table in METADATA.sorted_tables:
        connection.execute(delete(table))
        for start in range(0, len(rows[table.name]), _AT_ONCE):
            connection.execute(insert(table), list(rows[table.name][start : start + _AT_ONCE]))


def _lines(connection: Connection) -> Iterable[str]:
    for table in METADATA.sorted_tables:
        streamed = connection.execution_options(stream_results=True).execute(select(table))
        for row in streamed:
            yield json.dumps([table.name, list(row)], ensure_ascii=False) + "\n"
