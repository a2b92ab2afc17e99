"""What one build knows of source files without reading them, and what it finds out."""

import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from incremental import code
from incremental.glances import Source, stamp_of
from incremental.masters import Masters
from incremental.parsed import Found, Key, Parsed


class Fresh(NamedTuple):
    """What has just been found in a file. Unless it ``lasts``, it is for this build only."""

    key: Key
    found: Found
    text: str | None
    lasts: bool


class Knowledge:
    """What was found in files by these settings, on one day."""

    def __init__(
        self, parsed: Parsed, masters: Masters, settings: Mapping[str, Any], today: date
    ) -> None:
        self.masters = masters
        self.today = today.isoformat()
        self._parsed = parsed
        self._settings = settings
        self._has_begun = False
        self._brief: dict[Key, Fresh] = {}
        self._others: dict[str, bytes] = {}
        self._apart: list[Fresh] | None = None

    def begin(self) -> None:
        """Look for what was found before, once Pelican has its settings together."""
        if self._has_begun:
            return
        self._has_begun = True
        made_by = code.told(self._settings)
        is_known = made_by is not None and self._parsed.choose(made_by)
        if is_known and self.masters.made_by == made_by:
            self.masters.is_seasoned = True
        else:
            self.masters.turn_to(made_by, self._parsed.all() if is_known else {})

    def known(self, key: Key) -> Found | None:
        """What is in a file as it is now; None if it has to be read."""
        if key in self._brief:
            return self._brief[key].found
        found = self.masters.found.get(key)
        if found is None or (found.day and found.day != self.today):
            return None
        if found.others and not self._are_still(found.others):
            return None
        try:
            return found if found.stamp == stamp_of(key[1]) else self._looked_at(key, found)
        except OSError:
            return None  # whoever reads it says what is wrong

    def put(self, fresh: Fresh) -> None:
        """Learn what is in a file."""
        if self._apart is not None:
            self._apart.append(fresh)
        elif fresh.lasts and self.masters.made_by is not None:
            self.masters.found[fresh.key] = fresh.found
            self._parsed.put(fresh.key, fresh.found, fresh.text)
        else:
            self._brief[fresh.key] = fresh

    def text(self, key: Key, found: Found) -> Callable[[], str]:
        """Return what loads a text. It raises ``parsed.Lost`` if that is gone."""
        if key in self._brief:
            return partial(str, self._brief[key].text)
        return partial(self._parsed.text, found.text or b"")

    @contextmanager
    def apart(self) -> Iterator[list[Fresh]]:
        """Collect what is found out meanwhile, to be put elsewhere, and learn nothing."""
        self._apart = []
        try:
            yield self._apart
        finally:
            self._apart = None

    def sweep(self, kind: str, paths: Collection[str]) -> None:
        """Forget files of a kind other than these, and all that are there no more."""
        gone = [
            (of, path)
            for of, path in self.masters.found
            if path not in paths and (of == kind or not os.path.exists(path))  # noqa: PTH110  # asked often
        ]
        if gone:
            self.masters.forget(gone)
            self._parsed.forget(gone)

    def _looked_at(self, key: Key, found: Found) -> Found | None:
        source = Source.read(key[1])
        if source.digest != found.source:
            return None
        if source.lasting != found.stamp:
            found = found._replace(stamp=source.lasting)
            self.put(Fresh(key, found, None, lasts=True))
        return found

    def _are_still(self, others: str) -> bool:
        """Whether other files, with digests in JSON, are as they were."""
        return all(self._other(path) == was for path, was in json.loads(others).items())

    def _other(self, path: str) -> str:
        if path not in self._others:
            try:
                self._others[path] = Source.read(path).digest
            except OSError:
                self._others[path] = b""
        return self._others[path].hex()
