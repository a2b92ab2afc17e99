"""Files that are not what they were taken for: each is refused, with what it is."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from afterword.errors import ImportRefused
from afterword.importers.commento import Commento
from afterword.importers.disqus import Disqus
from afterword.importers.findings import Source
from afterword.importers.generic import GenericJson
from afterword.importers.isso import Isso
from afterword.importers.remark42 import Remark42
from afterword.importers.wordpress import WordPress
from tests.afterword.importers.wxr.conftest import comment, document, item

SOURCES: dict[str, Callable[[Path], Source]] = {
    "wordpress": lambda path: WordPress((path,)),
    "disqus": Disqus,
    "json": GenericJson,
    "isso": Isso,
    "remark42": Remark42,
    "commento": Commento,
}
XML = document(item(1, comment(10)))


def database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE a (b)")
        return bytes(db.serialize())


FILES = {
    "is empty": b"",
    "is XML": XML.encode(),
    "is JSON": json.dumps([{"a": 1}]).encode(),
    "is a web page": b"\n<!DOCTYPE html><html><body>Log in first.</body></html>",
    "is a ZIP archive; unpack it": b"PK\x03\x04\0\0",
    "is a database of SQLite": database(),
}
WANTED = {"wordpress": "XML", "disqus": "XML", "isso": "database"}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", FILES)
def test_it_is_said_what_a_file_is(tmp_path: Path, source: str, kind: str) -> None:
    if WANTED.get(source, "JSON") in kind:
        pytest.skip("just what is wanted")
    path = tmp_path / "given"
    path.write_bytes(FILES[kind])
    with pytest.raises(ImportRefused, match=rf"given(:\d+)?: {kind}.*; nothing was imported"):
        list(SOURCES[source](path).read())


def test_what_was_cut_off_is_to_be_fetched_again(tmp_path: Path) -> None:
    path = tmp_path / "blog.xml"
    for end in range(len(XML) // 2, len(XML) - 7, 97):
        path.write_text(XML[:end], encoding="utf-8")
        with pytest.raises(ImportRefused, match="ends too early; fetch it again"):
            list(WordPress((path,)).read())
    packed = gzip.compress(XML.encode())
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(ImportRefused, match="ended before the end"):
        list(WordPress((path,)).read())


def test_another_database_is_none_of_isso(tmp_path: Path) -> None:
    path = tmp_path / "comments.db"
    path.write_bytes(database())
    with pytest.raises(ImportRefused, match="no sound database of Isso: no such table"):
        list(Isso(path).read())


def test_what_is_packed_to_grow_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "export.gz"
    with gzip.open(file, "wb") as packed:
        packed.write(b'{"version": 1, "responses": ["')
        for _ in range(40):
            packed.write(b"a" * 1_000_000)
    for source in (GenericJson(file), WordPress((file,))):
        with pytest.raises(ImportRefused, match="packed more tightly than any export"):
            list(source.read())


@pytest.mark.parametrize("source", ["json", "disqus"])
def test_a_text_that_is_longer_than_any_is_refused(tmp_path: Path, source: str) -> None:
    file = tmp_path / "export"
    start = b'["' if source == "json" else b"<disqus><thread><title>"
    file.write_bytes(start + b"a" * 33_000_000)
    with pytest.raises(ImportRefused, match="has a text of more than 32,000,000 bytes"):
        list(SOURCES[source](file).read())
