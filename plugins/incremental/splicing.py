"""Putting new texts into finished files between two builds, without making the rest.

First all is decided: which files show what has changed, and whether each can be changed alone.
Only then is anything written. A journal lets whoever comes next finish what was interrupted, and
what is changed is remembered as if a build had made it: the next one has nothing to do.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from incremental import journal
from incremental.facts import Changes
from incremental.fragments import Fragment
from incremental.journal import Change
from incremental.outputs import Outputs, digest_of_file
from incremental.pieces import Place
from incremental.stamps import Stamp
from incremental.state import Made, State

# A file's name, what its text is made from, and what makes it.
Document = tuple[str, bytes, Callable[[], str]]

# So many bytes are held in memory before they are written.
_AT_ONCE: Final = 1 << 23


class Interfered(Exception):  # a finding, not a fault
    """Somebody else has changed a file meanwhile; ``name`` is the file's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Splice:
    """Changes of the files below ``folder`` that belong together. ``state`` is that of its builds.

    ``refusals`` say which files cannot be changed alone, and why; then nothing must be written.
    """

    def __init__(self, folder: Path, state: State) -> None:
        self.refusals: dict[str, str] = {}
        self._folder = folder
        self._state = state
        self._versions: dict[str, bytes] = {}
        self._texts: dict[Fragment, bytes] = {}
        self._places: dict[str, list[Place]] = {}
        self._documents: dict[str, Document] = {}
        self._gone: set[str] = set()

    # Deciding

    def renew(self, versions: Mapping[str, bytes], make: Callable[[Fragment], str]) -> None:
        """Have the fragments with these keys made anew, wherever they stand.

        ``versions`` say what they are made from now. ``make`` returns a fragment's text, and
        raises ValueError for one that it does not know.
        """
        self._versions.update(versions)
        for name, places in self._state.pieces.showing(versions).items():
            if reason := self._obstacle(name, places, make):
                self.refusals.setdefault(name, reason)
            self._places.setdefault(name, []).extend(places)

    def look(self, subject: str, attributes: Collection[str]) -> None:
        """Refuse all files that have read one of these attributes of a subject."""
        for name, read in self._state.readers(subject) if attributes else ():
            if found := sorted({*attributes} & {*read.attributes}):
                what = f"{', '.join(found)} of {subject.partition(':')[2]}"
                self.refusals.setdefault(name, f"its template looks at {what}")

    def put(self, documents: Iterable[Document]) -> None:
        """Have files made anew as a whole, but those that were made from the same inputs."""
        for document in documents:
            name, inputs, _ = document
            if self._state.inputs(name) != inputs or not self._is_as_left(name):
                self._documents[name] = document

    def drop(self, names: Iterable[str]) -> None:
        """Have files removed."""
        self._gone |= {name for name in names if self._state.file(name)}

    # Carrying out

    def write(self, facts: Changes) -> Sequence[str]:
        """Do it all, and return the names of the files that are others now.

        ``facts`` are true from then on. Raises Interfered and OSError: then some files may have
        been written, and whoever comes next has to ``journal.recover``.
        """
        outputs = Outputs(self._folder, self._state, [*self._places, *self._documents])
        made: dict[str, tuple[Change, Made]] = {}
        written: list[str] = []
        for batch in self._batches():
            journal.intend(self._state, batch, self._versions)
            for name, change in batch.items():
                before = Stamp.of(self._folder / name)
                made[name] = change, outputs.write(name, change.data)
                if before != made[name][1].stamp:
                    written.append(name)
        for name in self._gone:
            outputs.remove(name)
        with self._state.changing():
            for name, (change, now) in made.items():
                journal.have(self._state, name, change, now)
            self._state.drop(self._gone)
            self._state.have_versions(self._versions)
            self._state.facts.change(facts)
            journal.close(self._state, made.keys())
        return sorted([*written, *self._gone])

    def _obstacle(self, name: str, places: Iterable[Place], make: Callable[[Fragment], str]) -> str:
        """Why a file cannot be changed alone; empty if it can."""
        for place in places:
            what = f"{place.fragment.kind} of {place.fragment.key}"
            if place.is_loose:
                return f"its template does more with {what} than show it, or there was none"
            if place.fragment not in self._texts:
                try:
                    self._texts[place.fragment] = make(place.fragment).encode()
                except ValueError:
                    return f"nobody here can make {what}"
            if not self._texts[place.fragment]:
                return f"there is no {what} any more"
        return "" if self._is_as_left(name) else "its file is not as the last build left it"

    def _is_as_left(self, name: str) -> bool:
        known, path = self._state.file(name), self._folder / name
        if not known:
            return False
        stamp = Stamp.of(path)
        if stamp == known.stamp:
            return True
        return bool(
            stamp and stamp.size == known.stamp.size and digest_of_file(path) == known.digest
        )

    def _batches(self) -> Iterator[Mapping[str, Change]]:
        batch: dict[str, Change] = {}
        size = 0
        # Pages come last: what they point to is there then.
        for name, change in chain(self._written(), self._spliced()):
            batch[name] = change
            size += len(change.data)
            if size > _AT_ONCE:
                yield batch
                batch, size = {}, 0
        if batch:
            yield batch

    def _written(self) -> Iterator[tuple[str, Change]]:
        for name, inputs, make in self._documents.values():
            yield name, Change(make().encode(), inputs=inputs)

    def _spliced(self) -> Iterator[tuple[str, Change]]:
        for name in sorted(self._places.keys() - self._documents.keys() - self._gone):
            yield name, self._splice(name, self._places[name])

    def _splice(self, name: str, places: Iterable[Place]) -> Change:
        """A file's bytes with new texts in their places. Raises Interfered."""
        path, known = self._folder / name, self._state.file(name)
        data = path.read_bytes()
        if not known or (Stamp.of(path) != known.stamp and journal.digest(data) != known.digest):
            raise Interfered(name)
        found = sorted(((self._state.pieces.offset(each), each) for each in places), key=_first)
        parts: list[bytes] = []
        end = 0
        for offset, place in found:
            parts += [data[end:offset], self._texts[place.fragment]]
            end = offset + place.length
        lengths = {place.number: len(self._texts[place.fragment]) for _, place in found}
        return Change(b"".join([*parts, data[end:]]), lengths)


def _first(pair: tuple[int, Any]) -> int:
    return pair[0]
