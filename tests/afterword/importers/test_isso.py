"""Isso's database, of both ages."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from afterword.errors import ImportRefused
from afterword.importers.isso import Isso
from afterword.model import Status
from tests.afterword.importers.conftest import Target

OLD = """
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
 created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR,
 author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0,
 dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL);
INSERT INTO threads VALUES (1, '/first/', 'First'), (2, '/gone/', NULL);
INSERT INTO comments VALUES
 (1, 1, NULL, 1331717213.5, NULL, 1, '127.0.0.0', 'Networks *work*.', 'Dave', 'dave@example.org',
  'https://example.org', 3, 0, x'00'),
 (1, 2, 1, 1331717214, NULL, 4, '127.0.0.0', '', NULL, 'gone@example.org', NULL, 0, 0, x'00'),
 (1, 3, 2, 1331717215, 1331717216, 1, '::1', 'Yes.', NULL, NULL, NULL, 0, 0, x'00'),
 (1, 4, 3, 1331717216, NULL, 2, '::1', 'Wait.', 'Eve', '', '', 0, 0, x'00'),
 (1, 5, NULL, 1331717217, NULL, 9, '::1', 'What?', 'Eve', '', '', 0, 0, x'00'),
 (2, 6, NULL, 1331717218, NULL, 1, '::1', 'Lost.', 'Eve', '', '', 0, 0, x'00'),
 (7, 7, NULL, 1331717219, NULL, 1, '::1', 'Lost.', 'Eve', '', '', 0, 0, x'00');
"""
NEW = OLD + "ALTER TABLE comments ADD COLUMN notification INTEGER DEFAULT 0;"


@pytest.fixture(params=[OLD, NEW], ids=["old", "new"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "comments.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(request.param)
    return path


def test_all_that_is_in_it_comes_or_is_named(database: Path, target: Target) -> None:
    before = database.read_bytes()
    report = target.take_from(Isso(database))
    assert report.added == {Status.APPROVED: 2, Status.PENDING: 1}
    assert target.files() == {
        "first/1.md": "author: Dave\ndate: 2012-03-14T09:26:53.500000+00:00\n"
        "website: https://example.org\n\nNetworks *work*.\n",
        "first/3.md": "author: Anonymous\ndate: 2012-03-14T09:26:55+00:00\nreplyto: 1\n\nYes.\n",
    }
    assert (target.get("4").replyto, target.get("1").email) == ("3", "dave@example.org")
    assert [(each.place, each.expected) for each in report.skipped] == [
        ("comments.db: comment 2", True),
        ("comments.db: comment 5", False),
        ("comments.db: comment 6", False),
        ("comments.db: comment 7", False),
    ]
    assert database.read_bytes() == before
    assert target.take_from(Isso(database)).already == 3


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\x00" + b"\x00" * 99])
def test_what_is_no_database_of_isso_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "comments.db"
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match="is no sound database of Isso"):
        list(Isso(path).read())
    assert path.read_bytes() == content


def test_texts_that_are_no_utf_8_hide_nothing(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("UPDATE comments SET author = CAST(x'ff44' AS TEXT) WHERE id = 1")
        db.commit()
    authors = [getattr(each, "author", "") for each in Isso(database).read()]
    assert "\ufffdD" in authors


ROWS_WITHOUT_END = """CREATE VIEW comments AS
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT 1 tid, n id, NULL parent,
 1 created, 1 mode, 'a' text, '' author, '' email, '' website FROM c"""
TEXT_WITHOUT_END = """CREATE TABLE comments (tid, id, parent, created, mode, author, email, website,
 text AS (hex(zeroblob(100000000))));
INSERT INTO comments VALUES (1, 1, NULL, 1, 1, '', '', '')"""


@pytest.mark.parametrize("made", [ROWS_WITHOUT_END, TEXT_WITHOUT_END])
def test_a_schema_that_goes_on_without_end_is_refused(tmp_path: Path, made: str) -> None:
    path = tmp_path / "comments.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"CREATE TABLE threads (id, uri, title); {made};")
    with pytest.raises(ImportRefused, match="is no sound database of Isso"):
        list(Isso(path).read())


def test_numbers_of_another_kind_are_no_obstacle(database: Path, target: Target) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.executescript(
            "CREATE TABLE t (id, uri, title); INSERT INTO t VALUES (1, 5, 6.5);"
            "CREATE TABLE c AS SELECT * FROM comments WHERE id = 1; UPDATE c SET mode = 1.0;"
            "DROP TABLE comments; DROP TABLE threads;"
            "ALTER TABLE t RENAME TO threads; ALTER TABLE c RENAME TO comments;"
        )
    report = target.take_from(Isso(database), keep=True)
    assert report.added == {Status.APPROVED: 1}
