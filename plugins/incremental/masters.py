"""What this process knows of files: what builds before found in them, and objects to copy."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from incremental import pristine
from incremental.glances import Source
from incremental.parsed import Found, Key


@dataclass(slots=True)
class Master:
    """A post or page right after reading, that others are copied from.

    ``names`` are those of attributes that can be changed in place.
    """

    mark: bytes
    attributes: pristine.Attributes
    names: tuple[str, ...]

    @classmethod
    def of(cls, mark: bytes, attributes: pristine.Attributes) -> "Master":
        """Take attributes that nobody else has, or will have."""
        return cls(mark, attributes, pristine.changeable(attributes))


@dataclass(slots=True)
class Masters:
    """All that outlives a build in a process that builds again and again.

    ``made_by`` says which settings and code have found it. ``others`` are files that something
    read while it read posts, with their digests at that time: it may remember them. If it did
    what cannot be followed, nobody knows what it ``remembers``. What ``is_seasoned`` has served
    a build before.
    """

    made_by: bytes | None = None
    found: dict[Key, Found] = field(default_factory=dict)
    made: dict[Key, Master] = field(default_factory=dict)
    others: dict[str, bytes] = field(default_factory=dict)
    remembers: bool = False
    is_seasoned: bool = False

    def turn_to(self, made_by: bytes | None, found: Mapping[Key, Found]) -> None:
        """Begin with what these settings and this code have found."""
        self.made_by, self.found, self.made = made_by, dict(found), {}
        self.is_seasoned = False

    def forget(self, keys: Iterable[Key]) -> None:
        """Forget files."""
        for key in keys:
            self.found.pop(key, None)
            self.made.pop(key, None)

    def others_in_json(self) -> str:
        """The others with their digests; nothing for none."""
        digests = {path: digest.hex() for path, digest in sorted(self.others.items())}
        return json.dumps(digests) if digests else ""

    def note(self, looked_at: Iterable[str]) -> None:
        """Note what something looked at while it read a file."""
        for name in looked_at:
            if name.startswith("["):
                self.remembers = True
            elif name not in self.others:
                self.others[name] = _digest(name)


def _digest(path: str) -> bytes:
    try:
        return Source.read(path).digest
    except OSError:
        return b""
