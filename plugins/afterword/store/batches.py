"""Many rows at once, in a transaction of somebody else's who has his turn to write."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from afterword.errors import AfterwordError, IdTaken
from afterword.store import Addition
from afterword.store.tables import DECISIONS, SUBMISSIONS, TAKEN, decision_row, submission_row
from afterword.submission import Submission

# Fewer than any database takes in one statement.
_AT_ONCE: Final = 1000
_SETTLED: Final = (
    update(SUBMISSIONS)
    .where(SUBMISSIONS.c.id == bindparam("name"))
    .values(settled=True, change=bindparam("number"))
)


def add(
    connection: Connection, additions: Sequence[Addition]
) -> Sequence[Submission | AfterwordError]:
    """Keep submissions that count against no limit and have no fingerprint, each for itself."""
    taken = set(_taken(connection, [each.new.id for each in additions]))
    answers: list[Submission | AfterwordError] = []
    kept: list[Addition] = []
    for each in additions:
        if each.new.id in taken:
            answers.append(IdTaken(each.new.id))
            continue
        taken.add(each.new.id)
        answers.append(each.new)
        kept.append(each)
    if kept:
        last = connection.scalar(select(func.coalesce(func.max(DECISIONS.c.sequence), 0)))
        rows = [{"change": 0, **submission_row(each.new)} for each in kept]
        history = [
            {"sequence": number, **decision_row(each.decision)}
            for number, each in enumerate(kept, start=(last or 0) + 1)
        ]
        connection.execute(insert(SUBMISSIONS), rows)
        connection.execute(insert(DECISIONS), history)
    return answers


def current(connection: Connection, shown: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    """Of these pairs of an id and a revision, in their order, those that the queue has."""
    found: set[tuple[str, int]] = set()
    for portion in _portions([name for name, _ in shown]):
        listing = select(SUBMISSIONS.c.id, SUBMISSIONS.c.revision).where(
            SUBMISSIONS.c.id.in_(portion)
        )
        found.update((row.id, row.revision) for row in connection.execute(listing))
    return [each for each in dict.fromkeys(shown) if each in found]


def settle(connection: Connection, shown: Sequence[tuple[str, int]], last: int) -> None:
    """Note that files show these; their changes get numbers in their order, up to ``last``."""
    first = last - len(shown) + 1
    rows = [{"name": name, "number": number} for number, (name, _) in enumerate(shown, first)]
    connection.execute(_SETTLED, rows)


def _taken(connection: Connection, ids: Sequence[str]) -> Iterator[str]:
    for portion in _portions(ids):
        for table in (SUBMISSIONS, TAKEN):
            yield from connection.scalars(select(table.c.id).where(table.c.id.in_(portion)))


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
