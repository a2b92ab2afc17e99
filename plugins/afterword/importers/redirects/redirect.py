"""One old address and where it leads."""

import re
from dataclasses import dataclass
from typing import Final

# What no server's configuration can take for anything but a part of an address.
_PLAIN: Final = re.compile(r"/[^\x00-\x1f\"'\\{}$;<>|`~\x7f-\x9f\ufffd]*")
_VALUE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ABOVE: Final = re.compile(r"/\.\.?(/|$)")
# Longer ones do not fit into the tables of servers.
_MOST_BYTES: Final = 900

Asked = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Redirect:
    """From an old path, perhaps with what its query has to ask for, to a new address.

    ``path`` is decoded, and begins with a slash; ``asked`` are names and values, and empty for
    a path alone. ``target`` is encoded. With ``exact`` there is a page at a path that differs in
    capital letters alone. All below the folder ``under`` may lead to the same place, but for
    what is known to lead elsewhere; empty where that is not so.
    """

    path: str
    asked: Asked
    target: str
    exact: bool = False
    under: str = ""

    @property
    def place(self) -> str:
        """The path without a slash at its end: servers tell no two pages apart by that."""
        return self.path.rstrip("/") or "/"

    @property
    def sound(self) -> bool:
        """Whether it can stand in a server's configuration and mean itself there."""
        return bool(
            _PLAIN.fullmatch(self.path)
            and len(self.path.encode()) <= _MOST_BYTES
            and not _ABOVE.search(self.path)
            and "//" not in self.path
            and all(_VALUE.fullmatch(value) for _, value in self.asked)
        )
