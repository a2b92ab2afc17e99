"""Between the readers of a generator and what is known: asks the one if the other knows not."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from pelican.readers import Readers

from incremental.days import is_whole
from incremental.glances import Source
from incremental.knowledge import Fresh, Knowledge
from incremental.lookout import watching
from incremental.markdowns import Shared, can_share
from incremental.notes import Notes, repeat, taking_notes
from incremental.parsed import Found, Lost, digest
from incremental.values import Frozen, NotPlain, Thawing, freeze

# The kind of what readers find, beside whole posts and pages.
BARE: Final = ""

# Docutils looks for these wherever they may be. Of other files that somebody looks at it cannot
# be told which he would look at next time: there may be more by then.
_CONFIGURATIONS: Final = ("/docutils.conf", "/.docutils")

Contents = tuple[Any, Any]


class Reading(NamedTuple):
    """One reading of a file: what it was, what was said, and whether it is good for another."""

    source: Source
    notes: Notes
    others: str
    lasts: bool


class Observer:
    """Answers for the readers what is known already, and watches them where it is not."""

    def __init__(self, readers: Readers, knowledge: Knowledge) -> None:
        self.is_trusting = False
        self._readers = readers
        self._knowledge = knowledge
        self._thawing = Thawing(readers.settings)
        self._reading: dict[str, Reading] = {}
        self._basis: dict[str, Fresh] = {}
        self._dates: set[datetime] = set()
        self._is_loose = False

    def take_over(self) -> None:
        """Have the readers ask us what is known about a file, and tell us what they find."""
        readers = self._readers
        readers.get_cached_data, readers.cache_data = self._recall, self._keep
        readers.save_cache = self.settle_all
        for reader in readers.readers.values():
            reader.process_metadata = partial(self._process, reader.process_metadata)
            read = Shared(reader).read if can_share(reader, readers.settings) else reader.read
            reader.read = partial(self._watch, read)

    def begin(self) -> None:
        """Begin with another file."""
        self._dates, self._is_loose = set(), False

    def basis(self, path: str) -> Fresh | None:
        """What readers found in a file, or None if that cannot be said of one that is like it."""
        return self._basis.get(path)

    def settle(self, path: str) -> None:
        """Keep what readers found in a file: there is nothing better."""
        fresh = self._basis.pop(path, None)
        if fresh and fresh.text is not None:
            self._knowledge.put(fresh)

    def settle_all(self) -> None:
        """Keep everything that there is nothing better of."""
        for path in tuple(self._basis):
            self.settle(path)

    def drop(self, path: str) -> None:
        """Do not keep what readers found in a file."""
        self._basis.pop(path, None)

    def is_whole_day(self) -> bool:
        """Whether the last file reads the same on every day."""
        return not self._is_loose

    def _recall(self, path: str, default: Contents) -> Contents:
        """What was found in a file as it is now, or the default."""
        key = (BARE, path)
        found = self._knowledge.known(key) if self.is_trusting else None
        if found is None:
            return default
        try:
            text = self._knowledge.text(key, found)()
        except Lost:
            return default
        repeat(found.notes)
        self._basis[path] = Fresh(key, found, None, lasts=True)
        return text, self._thawing.attributes(Frozen(found.names, found.values))["metadata"]

    def _keep(self, path: str, contents: Contents) -> None:
        """Keep what was found, if it can be had from the file alone."""
        reading = self._reading.pop(path, None)
        text, metadata = contents
        if not self.is_trusting or reading is None or type(text) is not str:
            return
        if not reading.source.is_still(path):
            return
        try:
            frozen, said = freeze({"metadata": metadata}), reading.notes.dump()
            body = text.encode()
        except (NotPlain, UnicodeEncodeError):
            return
        dates = (each for each in metadata.values() if isinstance(each, datetime))
        self._is_loose |= any(each not in self._dates for each in dates)
        found = Found(
            stamp=reading.source.lasting,
            source=reading.source.digest,
            day=self._knowledge.today if self._is_loose else "",
            others=reading.others,
            names=frozen.names,
            values=frozen.values,
            text=digest(body),
            links="",
            notes=said,
            mark=b"",
        )
        self._basis[path] = Fresh((BARE, path), found, text, reading.lasts)

    def _watch(self, read: Callable[[str], Contents], path: str) -> Contents:
        masters = self._knowledge.masters
        lasts, source = not masters.remembers, Source.read(path)
        with watching() as seen, taking_notes() as notes:
            contents = read(path)
        masters.note(seen - {path})
        others = {each for each in seen - {path} if not each.endswith(_CONFIGURATIONS)}
        reading = Reading(source, notes, masters.others_in_json(), lasts and not others)
        self._reading[path] = reading
        return contents

    def _process(self, usual: Callable[[str, Any], Any], name: str, value: Any) -> Any:  # noqa: ANN401  # any value
        processed = usual(name, value)
        if isinstance(processed, datetime):
            self._dates.add(processed)
            self._is_loose |= not (isinstance(value, str) and is_whole(value))
        return processed
