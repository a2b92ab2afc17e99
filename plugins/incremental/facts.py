"""What plugins leave for those who come between builds: small texts by topic and key."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final

TABLE: Final = """
CREATE TABLE facts (
    topic TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (topic, key)
) WITHOUT ROWID;
"""

# Here a splice notes what it is about to write, until it is done.
JOURNAL: Final = "journal"

# By topic and key what is true from now on; None for what is not any more.
Changes = Mapping[str, Mapping[str, str | None]]


class Facts:
    """The facts of one state. None costs more the more there are, but for ``all``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, topic: str, key: str) -> str | None:
        """A fact, or None."""
        wanted = "SELECT value FROM facts WHERE topic = ? AND key = ?"
        found = self._connection.execute(wanted, (topic, key)).fetchone()
        return found[0] if found else None

    def all(self, topic: str) -> Mapping[str, str]:
        """All facts of a topic, by key."""
        wanted = "SELECT key, value FROM facts WHERE topic = ?"
        return dict(self._connection.execute(wanted, (topic,)))

    def last(self, topic: str) -> Iterator[tuple[str, str]]:
        """Yield keys and facts of a topic, the last in the order of the keys first."""
        wanted = "SELECT key, value FROM facts WHERE topic = ? ORDER BY key DESC"
        return self._connection.execute(wanted, (topic,))

    def change(self, changes: Changes) -> None:
        """Note the changes, in whatever transaction goes on."""
        for topic, facts in changes.items():
            gone = ((topic, key) for key, value in facts.items() if value is None)
            self._connection.executemany("DELETE FROM facts WHERE topic = ? AND key = ?", gone)
            new = ((topic, key, value) for key, value in facts.items() if value is not None)
            self._connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", new)
