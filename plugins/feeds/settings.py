"""Every FEEDS_* setting, declared once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self

PREFIX: Final = "FEEDS_"
# Pelican's own default for FEED_MAX_ITEMS is 100: too much full text for every visit.
_ITEMS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one site. Field ``items`` is FEEDS_ITEMS in pelicanconf.py, and so on."""

    items: int = field(
        default=_ITEMS,
        metadata={"help": "How many of the newest posts a feed holds."},
    )
    archive_items: int = field(
        default=100,
        metadata={"help": "How many posts each document of a long feed's archive holds."},
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
        """Read the settings out of Pelican's. Raises ValueError for an unknown FEEDS_* name."""
        names = {PREFIX + each.name.upper(): each.name for each in fields(cls)}
        given = {name: value for name, value in mapping.items() if name.startswith(PREFIX)}
        if unknown := sorted(given.keys() - names.keys()):
            raise ValueError(f"{', '.join(unknown)}: no such setting; there are {sorted(names)}")
        return cls(**{names[name]: value for name, value in given.items()})
