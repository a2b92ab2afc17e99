"""What was measured, as it is kept between one run and the next."""

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

SCENARIOS: Final = {
    "cold": "everything, from nothing",
    "nothing": "nothing changed",
    "response": "one response added",
    "publish": "one response added, by `afterword publish-responses`",
    "service": "one response added, in the running service",
    "edit": "one post edited",
    "post": "one new post",
    "template": "the post's template edited",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one tool needed for one thing, each time; and the most memory of all, in bytes.

    ``seconds`` are the clock's, ``cores`` those that a core was busy.
    """

    seconds: Sequence[float]
    cores: Sequence[float]
    memory: int

    @property
    def median(self) -> float:
        """The time that counts."""
        return statistics.median(self.seconds)


@dataclass(frozen=True, slots=True)
class Made:
    """How much a tool has made: files, and bytes in them."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Served:
    """How long a command that stays needed after each change, in seconds, and its memory.

    ``shown`` ends when the page has the change, ``rested`` when the command is idle again.
    """

    shown: Mapping[str, Sequence[float]]
    rested: Mapping[str, Sequence[float]]
    memory: int

    def median(self, kind: str) -> float:
        """Return the seconds until a change of a kind was shown."""
        return statistics.median(self.shown[kind])

    def median_rest(self, kind: str) -> float:
        """Return the seconds until it was idle after a change of a kind."""
        return statistics.median(self.rested[kind])


@dataclass(frozen=True, slots=True)
class Outcome:
    """A blog of one size, built by everyone in the same run."""

    posts: int
    responses: int
    machine: str
    titles: Mapping[str, str]
    cells: Mapping[str, Mapping[str, Cell]]
    made: Mapping[str, Made]
    servers: Mapping[str, Served] = field(default_factory=dict)

    def median(self, tool: str, scenario: str) -> float | None:
        """Return the seconds that a tool needed for a thing, None if that was not measured."""
        cell = self.cells.get(tool, {}).get(scenario)
        return cell.median if cell else None

    def memory(self, tool: str) -> int:
        """Return the most memory, in bytes, that a tool had in any of its builds."""
        return max(cell.memory for cell in self.cells[tool].values())

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what ``asdict`` and JSON have made of one."""
        cells = {
            tool: {name: Cell(**cell) for name, cell in row.items()}
            for tool, row in kept["cells"].items()
        }
        made = {tool: Made(**each) for tool, each in kept["made"].items()}
        servers = {name: Served(**each) for name, each in kept["servers"].items()}
        return cls(**{**kept, "cells": cells, "made": made, "servers": servers})


def load(file: Path) -> dict[int, Outcome]:
    """Return the outcomes of earlier runs, the last for each size, smallest first."""
    if not file.exists():
        return {}
    outcomes = map(Outcome.from_json, json.loads(file.read_text()))
    return {each.posts: each for each in outcomes}


def save(file: Path, outcomes: Mapping[int, Outcome]) -> None:
    """Keep them."""
    ordered = [asdict(outcomes[size]) for size in sorted(outcomes)]
    file.write_text(json.dumps(ordered, indent=1) + "\n")


def machine() -> str:
    """Say in a few words what this is measured on."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores} cores, {memory:.0f} GB, Python {platform.python_version()}"
