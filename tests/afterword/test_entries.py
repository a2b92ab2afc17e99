"""The `Comments:` line of a post, what is open, and the list for the service."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from afterword import entries
from afterword.entries import Entry, Standing, Wish
from afterword.errors import EntryError
from afterword.settings import Settings

WHEN = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("", Wish()),
        ("closed", Wish(open=False)),
        ("Open", Wish(open=True)),
        ("my-key", Wish(key="my-key")),
        ("my-key, closed", Wish(key="my-key", open=False)),
        ("open 2012/my-key", Wish(key="2012/my-key", open=True)),
        ("open closed", Wish(open=False)),
    ],
)
def test_the_line_names_a_key_or_a_state_or_both(line: str, wish: Wish) -> None:
    assert entries.wish(line) == wish


@pytest.mark.parametrize("line", ["two keys", "../x", "/x", "a//b"])
def test_the_line_is_refused_where_it_makes_no_key(line: str) -> None:
    with pytest.raises(EntryError):
        entries.wish(line)


@pytest.mark.parametrize(
    ("asked", "settings", "standing", "is_page", "result"),
    [
        (None, Settings(), Standing.PUBLISHED, False, (True, None)),
        (None, Settings(), Standing.HIDDEN, False, (True, None)),
        (None, Settings(), Standing.DRAFT, False, (False, None)),
        (True, Settings(), Standing.DRAFT, False, (False, None)),
        (False, Settings(), Standing.PUBLISHED, False, (False, None)),
        (None, Settings(), Standing.PUBLISHED, True, (False, None)),
        (True, Settings(), Standing.PUBLISHED, True, (True, None)),
        (None, Settings(on_pages=True), Standing.PUBLISHED, True, (True, None)),
        (
            None,
            Settings(close_after_days=3),
            Standing.PUBLISHED,
            False,
            (True, WHEN + timedelta(days=3)),
        ),
        (True, Settings(close_after_days=3), Standing.PUBLISHED, False, (True, None)),
    ],
)
def test_what_takes_responses(
    asked: bool | None,  # noqa: FBT001  # a parameter of the test
    settings: Settings,
    standing: Standing,
    is_page: bool,  # noqa: FBT001
    result: tuple[bool, datetime | None],
) -> None:
    found = entries.opening(asked, settings, WHEN, standing=standing, is_page=is_page)
    assert found == result


def entry(key: str, **changes: object) -> Entry:
    """An entry, with what a test says about it."""
    fields: dict[str, object] = {
        "key": key,
        "title": "T <&>",
        "url": f"https://blog.example/{key}/",
        "path": key,
        "guid": "g",
        "published": WHEN,
        "open": True,
    }
    return Entry(**(fields | changes))  # type: ignore[arg-type]


def test_an_entry_closes_at_its_moment() -> None:
    closing = entry("a", closes=WHEN)
    assert closing.is_open(WHEN - timedelta(seconds=1))
    assert not closing.is_open(WHEN)
    assert not entry("a", open=False, closes=WHEN).is_open(WHEN - timedelta(days=1))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"closes": WHEN, "standing": Standing.HIDDEN, "open": False},
        {"title": '\u00fc \\ " \U0001f600', "path": ""},
        {"published": datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=timezone(-timedelta(minutes=90)))},
    ],
)
def test_an_entry_that_was_packed_is_the_same_again(changes: dict[str, object]) -> None:
    one = entry("a/b", **changes)
    assert entries.unpack(entries.pack(one)) == one
    assert entries.pack(entries.unpack(entries.pack(one))) == entries.pack(one)


def test_the_list_is_sorted_and_without_drafts_and_keyless() -> None:
    dumped = entries.dump(
        [
            (entry("b", closes=WHEN), '["2", "1"]'),
            (entry("a"), "[]"),
            (entry("c", standing=Standing.DRAFT), "[]"),
            (entry("", open=False), "[]"),
        ]
    )
    assert json.loads(dumped) == {
        "version": 1,
        "entries": [
            {
                "entry": "a",
                "title": "T <&>",
                "url": "https://blog.example/a/",
                "open": True,
                "closes": None,
                "ids": [],
            },
            {
                "entry": "b",
                "title": "T <&>",
                "url": "https://blog.example/b/",
                "open": True,
                "closes": "2020-01-01T00:00:00+00:00",
                "ids": ["2", "1"],
            },
        ],
    }
