"""What was found in files is there in the next build, and in no wrong one."""

import os
import sqlite3
from contextlib import closing, suppress
from copy import deepcopy
from pathlib import Path

import pytest

from incremental import parsed as module
from incremental.parsed import Found, Key, Lost, Parsed, digest

KEY: Key = ("Article", "/content/a.md")


def found(text: str = "Text.", values: str = "[]") -> Found:
    return Found(
        stamp=b"stamp",
        source=b"source",
        day="",
        others="",
        names="[]",
        values=values,
        text=digest(text.encode()),
        links="",
        notes="",
        mark=b"mark",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var/parsed.sqlite3"


def put(path: Path, made_by: bytes = b"1", text: str = "Text.", key: Key = KEY) -> Found:
    """One build that finds a text."""
    one = found(text)
    with Parsed.open(path) as parsed:
        parsed.choose(made_by)
        parsed.put(key, one, text)
    return one


def texts(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {text for (text,) in connection.execute("SELECT text FROM texts")}


def test_what_was_put_is_there_in_the_next_build(path: Path) -> None:
    one = put(path)
    with Parsed.open(path) as parsed:
        assert parsed.choose(b"1")
        assert parsed.all() == {KEY: one}
        assert parsed.text(one.text or b"") == "Text."


def test_a_text_is_there_at_once(path: Path) -> None:
    with Parsed.open(path) as parsed:
        parsed.choose(b"1")
        parsed.put(KEY, found(), "Text.")
        assert parsed.text(digest(b"Text.")) == "Text."
        parsed.save()
        assert parsed.text(digest(b"Text.")) == "Text."


def test_it_is_kept_though_the_build_fails(path: Path) -> None:
    def fail() -> None:
        with Parsed.open(path) as parsed:
            parsed.choose(b"1")
            parsed.put(KEY, found(), "Text.")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert texts(path) == {"Text."}


def test_much_is_written_before_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    with Parsed.open(path) as parsed:
        parsed.choose(b"1")
        for number in range(4):
            parsed.put(("", str(number)), found(str(number)), str(number))
        assert texts(path) == {"0", "1", "2"}


def test_others_find_for_themselves(path: Path) -> None:
    put(path)
    with Parsed.open(path) as parsed:
        assert not parsed.choose(b"2")
        assert parsed.all() == {}


def test_what_is_forgotten_or_found_anew(path: Path) -> None:
    put(path)
    put(path, key=("Page", "/content/a.md"))
    with Parsed.open(path) as parsed:
        parsed.choose(b"1")
        parsed.forget([KEY])
        assert parsed.all().keys() == {("Page", "/content/a.md")}
    one = put(path, text="Other.", key=("Page", "/content/a.md"))
    with Parsed.open(path) as parsed:
        parsed.choose(b"1")
        assert parsed.all() == {("Page", "/content/a.md"): one}


def test_those_that_have_not_been_used_for_long_go(path: Path) -> None:
    for number in range(module._VARIANTS):
        put(path, str(number).encode(), f"Text {number}.")
    put(path, b"0", "Text 0.")
    put(path, b"new", "New.")
    there = range(module._VARIANTS)
    assert texts(path) == {"New.", *(f"Text {number}." for number in there if number != 1)}
    with Parsed.open(path) as parsed:
        assert parsed.choose(b"0")
        assert not parsed.choose(b"1")


def test_texts_that_nobody_has_any_more_go_in_time(path: Path) -> None:
    for number in range(module._TIDIED_EVERY + 1):
        put(path, text=f"Text {number}.")
    assert texts(path) == {f"Text {module._TIDIED_EVERY - number}." for number in range(3)}


def test_while_others_read_nothing_goes(path: Path) -> None:
    for number in range(module._VARIANTS):
        put(path, str(number).encode(), f"Text {number}.")
    with Parsed.open(path) as parsed:
        assert parsed.choose(b"0")
        for number in range(module._VARIANTS):
            put(path, f"new {number}".encode(), f"New {number}.")
        assert parsed.text(digest(b"Text 0.")) == "Text 0."


def test_a_process_that_was_forked_may_ask_for_texts(path: Path) -> None:
    one = put(path)
    with Parsed.open(path) as parsed:
        child = os.fork()
        if not child:
            os._exit(parsed.text(one.text or b"") != "Text.")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert parsed.text(one.text or b"") == "Text."


def test_so_may_anybody_after_the_build(path: Path) -> None:
    one = put(path)
    with Parsed.open(path) as parsed:
        pass
    assert deepcopy(parsed).text(one.text or b"") == "Text."


def test_a_text_that_is_lost_makes_the_next_build_begin_anew(path: Path) -> None:
    put(path)
    with Parsed.open(path) as parsed, pytest.raises(Lost, match="build again"):
        parsed.text(b"another")
    with Parsed.open(path) as parsed:
        assert not parsed.choose(b"1")


def damage(path: Path, page: int) -> None:
    """Overwrite one page of a file, as a bad disk may."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[page * 4096 : (page + 1) * 4096] = b"\x07" * 4096
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("page", range(6))
def test_a_damaged_memory_is_begun_anew(path: Path, page: int) -> None:
    one = put(path)
    damage(path, page)
    with Parsed.open(path) as parsed:
        known = parsed.all() if parsed.choose(b"1") else {}
        assert known in ({}, {KEY: one})
        if known:
            with suppress(Lost):
                assert parsed.text(one.text or b"") == "Text."
    put(path)
    with Parsed.open(path) as parsed:
        assert parsed.choose(b"1")
        assert parsed.all() == {KEY: one}
        assert parsed.text(one.text or b"") == "Text."
