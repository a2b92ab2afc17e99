"""What is about to be written between two builds, noted so that others can finish it."""

import json
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

from incremental.facts import JOURNAL
from incremental.outputs import TEMPORARY, digest_of_file
from incremental.stamps import Stamp
from incremental.state import Made, State
from incremental.traces import Inputs, Trace

# The name of no file.
_KEYS: Final = ""


@dataclass(frozen=True, slots=True)
class Change:
    """New bytes for a file: with new lengths of its pieces, by number, or made from ``inputs``."""

    data: bytes
    lengths: Mapping[int, int] = field(default_factory=dict)
    inputs: bytes = b""

    @property
    def record(self) -> str:
        """What has to be known to finish it, but for the bytes."""
        lengths = list(self.lengths.items())
        return json.dumps([digest(self.data).hex(), lengths, self.inputs.hex()])


def intend(state: State, changes: Mapping[str, Change], keys: Iterable[str]) -> None:
    """Note what is to be written for these keys: it can be told then from what others write."""
    state.intend(changes)  # which also has a build look for what is half written
    records: dict[str, str] = {name: change.record for name, change in changes.items()}
    with state.changing():
        state.facts.change({JOURNAL: {**records, _KEYS: json.dumps(sorted(keys))}})


def have(state: State, name: str, change: Change, made: Made) -> None:
    """Remember a file that was changed, in whatever transaction goes on."""
    state.have({name: made})
    if change.inputs:
        state.remake({name: Trace(Inputs(frame=change.inputs))})
    state.pieces.resize(name, change.lengths)


def close(state: State, names: Collection[str]) -> None:
    """Forget what was noted of these files, in whatever transaction goes on."""
    state.facts.change({JOURNAL: dict.fromkeys([_KEYS, *names])})
    state.give_up(names)


def recover(folder: Path, state: State) -> AbstractSet[str]:
    """Note which files somebody has written who was interrupted; return the keys they did it for.

    They have to be renewed once more. The files themselves are whole, old or new.
    """
    journal = dict(state.facts.all(JOURNAL))
    keys = json.loads(journal.pop(_KEYS, "[]"))
    for place in {(folder / name).parent for name in journal}:
        for path in place.glob(f"{TEMPORARY}*"):
            path.unlink(missing_ok=True)
    if journal:
        with state.changing():
            for name, record in journal.items():
                _take_over(state, folder, name, *json.loads(record))
            close(state, journal)
    return {str(key) for key in keys}


def digest(data: bytes) -> bytes:
    """What tells the bytes of a file from others."""
    return blake2b(data, digest_size=16).digest()


def _take_over(  # noqa: PLR0913, PLR0917  # what a record has
    state: State, folder: Path, name: str, written: str, lengths: list[tuple[int, int]], inputs: str
) -> None:
    stamp = Stamp.of(folder / name)
    if stamp and digest_of_file(folder / name).hex() == written:
        change = Change(b"", dict(lengths), bytes.fromhex(inputs))
        have(state, name, change, Made(bytes.fromhex(written), stamp))
