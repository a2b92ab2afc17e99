"""All published responses of a site, and everything that is wrong with them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from afterword.conversations import Conversation, ResponseReader
from afterword.errors import place
from incremental.folders import Folders, Spread, in_turn

# Of so many entries what was read is kept in memory: feeds go to and fro between some.
_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an author should mend: where, and why. ``line`` 0 is the file as a whole."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{place(self.path, self.line)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Published:
    """The conversations by entry key, and the problems in the order of their files."""

    conversations: Mapping[str, Conversation]
    problems: tuple[Problem, ...]


def gather(
    root: Path, keys: Collection[str], memory: Path | None = None, spread: Spread = in_turn
) -> Published:
    """Find the responses below ``root`` for a site whose posts and pages have these keys.

    What a ``memory`` knows of files that have not changed since is taken from there, and the
    others may be ``spread`` over several processes.
    """
    folders = Folders(root, ResponseReader(root), memory, spread)
    files = lru_cache(maxsize=_AT_ONCE)(folders.files)
    found = {name: Conversation(name, text, files) for name, text in folders.look().items()}
    problems = sorted(_problems(root, found, keys), key=lambda p: (p.path, p.line))
    return Published(found, tuple(problems))


def _problems(
    root: Path, found: Mapping[str, Conversation], keys: Collection[str]
) -> Iterator[Problem]:
    for folder, conversation in found.items():
        for name, line, reason in conversation.problems:
            yield Problem(root / folder / name, line, reason)
        if conversation.total and folder not in keys:
            yield Problem(root / folder, 0, "no post or page has this comment key")
