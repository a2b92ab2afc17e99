"""What a build knows of files, and for how long."""

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pelican.settings import DEFAULT_CONFIG

from incremental.glances import Source
from incremental.knowledge import Fresh, Knowledge
from incremental.masters import Master, Masters
from incremental.parsed import Found, Key, Parsed, digest

SETTINGS: dict[str, Any] = {**DEFAULT_CONFIG, "MARKDOWN": {}}
TODAY = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files were written long ago."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60_000_000_000)


@pytest.fixture
def parsed(tmp_path: Path) -> Iterator[Parsed]:
    with Parsed.open(tmp_path / "parsed.sqlite3") as one:
        yield one


@pytest.fixture
def post(tmp_path: Path) -> Key:
    path = tmp_path / "post.md"
    path.write_text("Text.")
    return "Article", str(path)


def knowledge(parsed: Parsed, masters: Masters | None = None, **settings: Any) -> Knowledge:  # noqa: ANN401  # any value
    one = Knowledge(parsed, masters or Masters(), {**SETTINGS, **settings}, TODAY)
    one.begin()
    return one


def found(key: Key, day: str = "", others: str = "") -> Found:
    source = Source.read(key[1])
    return Found(
        stamp=source.lasting,
        source=source.digest,
        day=day,
        others=others,
        names="[]",
        values="[]",
        text=digest(b"Text."),
        links="",
        notes="",
        mark=b"",
    )


def test_what_is_put_is_known_to_this_build_and_the_next(parsed: Parsed, post: Key) -> None:
    one = knowledge(parsed)
    assert one.known(post) is None
    one.put(Fresh(post, found(post), "Text.", lasts=True))
    assert one.known(post) == found(post)
    parsed.save()
    again = knowledge(parsed)
    assert again.known(post) == found(post)
    assert again.text(post, found(post))() == "Text."


@pytest.mark.parametrize("settings", [{}, {"THING": object()}])
def test_what_does_not_last_is_known_to_this_build(
    parsed: Parsed, post: Key, settings: dict[str, Any]
) -> None:
    one = knowledge(parsed, **settings)
    one.put(Fresh(post, found(post), "Text.", lasts=bool(settings)))
    assert one.known(post) == found(post)
    assert one.text(post, found(post))() == "Text."
    parsed.save()
    assert knowledge(parsed, **settings).known(post) is None


def test_a_file_that_changed_is_not_known(parsed: Parsed, post: Key) -> None:
    one = knowledge(parsed)
    one.put(Fresh(post, found(post), "Text.", lasts=True))
    Path(post[1]).write_text("Other.")
    assert one.known(post) is None
    Path(post[1]).unlink()
    assert one.known(post) is None


def test_one_that_was_touched_is_known_by_a_new_stamp(
    parsed: Parsed, post: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = knowledge(parsed)
    one.put(Fresh(post, found(post), "Text.", lasts=True))
    os.utime(post[1], (1, 1))
    assert one.known(post) == found(post)
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"not looked at")
    assert one.known(post) is not None


def test_of_another_day_it_is_not_known(parsed: Parsed, post: Key) -> None:
    one = knowledge(parsed)
    one.put(Fresh(post, found(post, day="2026-01-04"), "Text.", lasts=True))
    assert one.known(post) is None
    one.put(Fresh(post, found(post, day="2026-01-05"), "Text.", lasts=True))
    assert one.known(post) is not None


def test_it_is_known_while_other_files_are_as_they_were(parsed: Parsed, post: Key) -> None:
    masters = Masters()
    other = Path(post[1]).with_name("other")
    masters.note([str(other)])
    assert masters.others_in_json().endswith('": ""}')
    one = knowledge(parsed, masters)
    one.put(Fresh(post, found(post, others=masters.others_in_json()), "Text.", lasts=True))
    assert one.known(post) is not None
    other.write_text("It is there now.")
    assert knowledge(parsed, masters).known(post) is None


def test_what_was_read_once_is_as_it_was_then(post: Key) -> None:
    masters = Masters()
    other = Path(post[1]).with_name("other")
    other.write_text("One.")
    masters.note([str(other)])
    before = masters.others_in_json()
    other.write_text("Two.")
    masters.note([str(other), "[socket.connect]"])
    assert masters.others_in_json() == before
    assert masters.remembers


def test_what_is_found_apart_is_learnt_when_it_is_put(parsed: Parsed, post: Key) -> None:
    one = knowledge(parsed)
    fresh = Fresh(post, found(post), "Text.", lasts=True)
    with one.apart() as collected:
        one.put(fresh)
    assert collected == [fresh]
    assert one.known(post) is None
    one.put(fresh)
    assert one.known(post) is not None


def test_files_that_are_gone_are_forgotten(parsed: Parsed, post: Key) -> None:
    masters = Masters()
    one = knowledge(parsed, masters)
    gone, bare = ("Article", f"{post[1]}.old"), ("", post[1])
    for key in (post, bare):
        one.put(Fresh(key, found(post), "Text.", lasts=True))
    one.put(Fresh(gone, found(post), "Text.", lasts=True))
    masters.made[gone] = Master.of(b"", {})
    parsed.save()
    one.sweep("Article", frozenset({post[1]}))
    assert masters.found.keys() == parsed.all().keys() == {post, bare}
    assert masters.made == {}
    one.sweep("Article", frozenset())
    assert masters.found.keys() == parsed.all().keys() == {bare}


def test_masters_are_for_those_who_build_again(parsed: Parsed) -> None:
    masters = Masters()
    seasoned = []
    for name in ("One", "One", "Other"):
        knowledge(parsed, masters, SITENAME=name)
        seasoned.append(masters.is_seasoned)
    assert seasoned == [False, True, False]


def test_what_the_file_has_forgotten_nobody_remembers(tmp_path: Path, post: Key) -> None:
    masters = Masters()
    for name in ("one.sqlite3", "two.sqlite3"):
        with Parsed.open(tmp_path / name) as parsed:
            one = knowledge(parsed, masters)
            assert one.known(post) is None
            one.put(Fresh(post, found(post), "Text.", lasts=True))
