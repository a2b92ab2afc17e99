"""Whether what is built again and again has the same files as the release that is live.

Only where that is certain may a release be brought up to date by what is said to have changed.
"""

from dataclasses import dataclass
from pathlib import Path

from incremental.trees import settle


@dataclass(frozen=True, slots=True)
class Agreement:
    """A note of the release that has the same files as what was built, if one has."""

    path: Path

    def read(self, release: str) -> bool:
        """Whether it is this one."""
        return self.path.exists() and self.path.read_text(encoding="ascii") == release

    def write(self, release: str) -> None:
        """Note that it is. If that is lost, no harm is done."""
        self.path.write_text(release, encoding="ascii")

    def remove(self) -> None:
        """Note that none is, for certain."""
        if self.path.exists():
            self.path.unlink()
            settle([self.path.parent])
