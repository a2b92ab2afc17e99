"""Every FEEDS_* setting, declared once."""

import sys
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Final, Self

PREFIX: Final = "FEEDS_"
# Pelican's own default for FEED_MAX_ITEMS: too much full text for every visit.
_PELICANS_ITEMS: Final = 100
_ARCHIVABLE: Final = frozenset({"all", "category", "tag", "author"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one site. Field ``items`` is FEEDS_ITEMS in pelicanconf.py, and so on."""

    items: int = field(
        default=20,
        metadata={
            "help": "How many of the newest posts a feed holds; older ones follow in its archive. "
            "FEED_MAX_ITEMS is heeded where this is not set.",
            "minimum": 1,
        },
    )
    archive_items: int = field(
        default=100,
        metadata={
            "help": "How many posts each document of a long feed's archive holds; "
            "0 leaves the archives out.",
            "minimum": 0,
        },
    )
    archived: tuple[str, ...] = field(
        default=("all",),
        metadata={
            "help": "Which feeds have an archive: any of all, category, tag, author. An archive "
            "holds every post's full text once more, in three formats.",
        },
    )
    summary_only: bool = field(
        default=False,
        metadata={"help": "Leave out the full text of posts."},
    )
    stylesheet: str = field(
        default="",
        metadata={
            "help": "A CSS file below the site's address that makes a feed readable in a browser."
        },
    )

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read the settings out of Pelican's.

        Raises ValueError, naming the setting, for a value of the wrong type or out of range.
        """
        names = {_name(each.name): each for each in fields(cls)}
        values = {
            names[name].name: _checked(name, value, names[name])
            for name, value in mapping.items()
            if name in names
        }
        return cls(**(_inherited(mapping) | values))


def unknown_names(mapping: Mapping[str, Any]) -> list[str]:
    """The names that look like settings of ours and are none, perhaps misspelt ones."""
    known = {_name(each.name) for each in fields(Settings)}
    return sorted(name for name in mapping if name.startswith(PREFIX) and name not in known)


def _name(of_field: str) -> str:
    return PREFIX + of_field.upper()


def _inherited(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """What an author has told Pelican about its own feeds; None means all posts there."""
    limit = mapping.get("FEED_MAX_ITEMS", _PELICANS_ITEMS)
    if limit == _PELICANS_ITEMS:
        return {}
    return {"items": sys.maxsize if limit is None else max(1, int(limit))}


def _checked(name: str, value: object, of_field: "Field[Any]") -> object:
    wanted = type(of_field.default)
    value = tuple(value) if isinstance(value, list) else value
    if type(value) is not wanted:
        raise ValueError(f"{name} is {value!r}; it takes a value of type {wanted.__name__}")
    minimum = of_field.metadata.get("minimum")
    if isinstance(value, int) and minimum is not None and value < minimum:
        raise ValueError(f"{name} is {value}; it cannot be less than {minimum}")
    if isinstance(value, tuple) and (odd := set(value) - _ARCHIVABLE):
        raise ValueError(f"{name} has {odd}; there are {sorted(_ARCHIVABLE)}")
    return value
