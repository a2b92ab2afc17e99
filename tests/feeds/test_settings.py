"""The settings of feeds."""

import sys
from dataclasses import fields
from typing import Any

import pytest

from feeds.settings import Settings, unknown_names


def test_there_are_defaults_and_each_is_explained() -> None:
    assert Settings.from_mapping({"SITENAME": "x"}) == Settings()
    assert all(each.metadata["help"].endswith(".") for each in fields(Settings))


def test_settings_are_read_by_their_names() -> None:
    given = {
        "FEEDS_ITEMS": 7,
        "FEEDS_ARCHIVE_ITEMS": 0,
        "FEEDS_ARCHIVED": ["all", "tag"],
        "FEEDS_SUMMARY_ONLY": True,
        "FEEDS_STYLESHEET": "theme/feed.css",
    }
    assert Settings.from_mapping(given) == Settings(
        items=7,
        archive_items=0,
        archived=("all", "tag"),
        summary_only=True,
        stylesheet="theme/feed.css",
    )


@pytest.mark.parametrize(
    ("given", "items"),
    [
        ({"FEED_MAX_ITEMS": 100}, 20),  # Pelican's default, which says nothing
        ({"FEED_MAX_ITEMS": 50}, 50),
        ({"FEED_MAX_ITEMS": None}, sys.maxsize),
        ({"FEED_MAX_ITEMS": 50, "FEEDS_ITEMS": 30}, 30),
    ],
)
def test_what_was_said_to_pelican_is_heeded(given: dict[str, Any], items: int) -> None:
    assert Settings.from_mapping(given).items == items


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FEEDS_ITEMS", 0),
        ("FEEDS_ITEMS", "20"),
        ("FEEDS_ITEMS", True),
        ("FEEDS_ARCHIVE_ITEMS", -1),
        ("FEEDS_ARCHIVED", "all"),
        ("FEEDS_ARCHIVED", ("tags",)),
        ("FEEDS_SUMMARY_ONLY", "no"),
        ("FEEDS_STYLESHEET", None),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"^{name} "):
        Settings.from_mapping({name: value})


def test_misspelt_names_are_found() -> None:
    given = {"FEEDS_ITEM": 1, "FEEDS_ITEMS": 1, "FEED_MAX_ITEMS": 1, "FEEDS_X": 2}
    assert unknown_names(given) == ["FEEDS_ITEM", "FEEDS_X"]
