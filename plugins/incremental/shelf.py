"""The releases of a site that are kept, and the link that says which of them is live.

The link stands where the site is served from. Beside it, in a folder of the same name with
``.releases`` at its end, lies all the rest. Whoever follows the link sees a whole site.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from incremental.trees import settle

_NAME: Final = "%Y-%m-%dT%H%M%SZ"


class Refused(Exception):
    """What was asked for cannot be done, and nothing has changed; the text says why."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The releases that a ``link`` may lead to."""

    link: Path

    @classmethod
    def at(cls, place: Path) -> Self:
        """Return those that a link at this place leads to, whether there are any yet or not."""
        return cls(Path(os.path.abspath(place)))  # noqa: PTH100  # resolve() would follow the link

    @property
    def folder(self) -> Path:
        """Where everything lies but the link itself."""
        return self.link.with_name(f"{self.link.name}.releases")

    def is_used(self) -> bool:
        """Whether somebody has begun to publish here in releases."""
        return self.folder.is_dir()

    def names(self) -> Sequence[str]:
        """The releases, oldest first: a name is the moment when it was made, in UTC."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if moment(path.name))

    def newest(self) -> str | None:
        """The release that was made last; None where there is none."""
        return max(self.names(), default=None)

    def live(self) -> str | None:
        """The release that the link leads to; None where it leads to none."""
        return self._release(self.link)

    def before(self, live: str | None) -> str:
        """The newest release older than the one that is live. Raises Refused without one."""
        older = [name for name in self.names() if live is None or name < live]
        if not older:
            raise Refused(f"{live} is live, and no older release is kept")
        return older[-1]

    def check(self) -> None:
        """Raise Refused where something else has the link's place."""
        target = _target(self.link)
        if target and target.parent != self.folder:
            raise Refused(f"{self.link} is a link to {target}, which is none of its releases")
        if not target and self.link.exists():
            kind = "folder" if self.link.is_dir() else "file"
            raise Refused(
                f"{self.link} is a {kind}, and a link to the live release belongs there; "
                "choose another OUTPUT_PATH, or move it away"
            )

    def announced(self) -> str | None:
        """The release that somebody was about to put live when they were killed, if any."""
        return self._release(self._next)

    def announce(self, name: str) -> None:
        """Note, before a release is there, that it is to be put live. Raises OSError."""
        self._next.unlink(missing_ok=True)
        # Relative: the whole may be moved, or be mounted elsewhere.
        self._next.symlink_to(Path(self.folder.name, name))
        settle([self.link.parent])

    def put_live(self, name: str) -> None:
        """Let the link lead to this release from one moment to the next. Raises OSError."""
        # Even if it is live: who did this before may have been killed before it was on the disk.
        settle([self.folder])
        if self.live() != name:
            if self.announced() != name:
                self.announce(name)
            self._next.replace(self.link)
        else:
            self._next.unlink(missing_ok=True)
        settle([self.link.parent])

    @property
    def _next(self) -> Path:
        """The link that takes the place of the one that readers follow."""
        return self.link.with_name(f".{self.link.name}.next")

    def _release(self, link: Path) -> str | None:
        target = _target(link)
        if target is None or target.parent != self.folder:
            return None
        return target.name if target.name in self.names() else None


def _target(link: Path) -> Path | None:
    return link.parent / link.readlink() if link.is_symlink() else None


def moment(name: str) -> datetime | None:
    """When the release of this name was made; None if no release can have that name."""
    try:
        found = datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if found.strftime(_NAME) == name else None


def name_after(newest: str | None, now: datetime) -> str:
    """A name for what is made now, which sorts last even if the clock was put back since."""
    last = moment(newest) if newest else None
    return (max(now, last + timedelta(seconds=1)) if last else now).strftime(_NAME)
