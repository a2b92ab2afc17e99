"""Every INCREMENTAL_* setting, declared once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self

PREFIX: Final = "INCREMENTAL_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one site. Field ``jobs`` is INCREMENTAL_JOBS in pelicanconf.py."""

    state: str = field(
        default="var/build",
        metadata={
            "help": "The folder in which builds remember what they have made. Empty, they "
            "remember nothing: every build starts over."
        },
    )
    jobs: int = field(
        default=0,
        metadata={
            "help": "How many processes share the work of a build that has much to do. 0 stands "
            "for as many as there are cores."
        },
    )
    why: bool = field(
        default=False,
        metadata={"help": "Print for each page that is rendered what made that necessary."},
    )
    pure: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "Names of Jinja filters, tests and functions of your own that look at nothing "
            "but plain values given to them: no post, no file, no clock. Pages whose template "
            "uses others are rendered in each build."
        },
    )

    @property
    def processes(self) -> int:
        """How many processes may work at once: at least one."""
        return self.jobs or _cores()

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read the settings out of Pelican's. Raises ValueError for a value that makes no sense."""
        given: dict[str, Any] = {
            each.name: tuple(value) if isinstance(value := mapping[name], list) else value
            for each in fields(cls)
            if (name := _name(each.name)) in mapping
        }
        for each in fields(cls):
            if each.name in given and type(given[each.name]) is not type(each.default):
                wanted = type(each.default).__name__
                raise ValueError(f"{_name(each.name)} is {given[each.name]!r}; it takes a {wanted}")
        one = cls(**given)
        if one.jobs < 0:
            raise ValueError(f"{_name('jobs')} is {one.jobs}; there cannot be fewer than none")
        return one


def unknown_names(mapping: Mapping[str, Any]) -> list[str]:
    """The names that look like settings of ours and are none, perhaps misspelt ones."""
    known = {_name(each.name) for each in fields(Settings)}
    return sorted(name for name in mapping if name.startswith(PREFIX) and name not in known)


def _cores() -> int:
    """How many cores this process may use, where the system tells; else how many there are."""
    ours = getattr(os, "sched_getaffinity", None)
    return len(ours(0)) if ours else os.cpu_count() or 1


def _name(of_field: str) -> str:
    return PREFIX + of_field.upper()
