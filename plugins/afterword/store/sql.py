"""What SQLite and PostgreSQL have in common: every query of the store."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Result,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from afterword.errors import AfterwordError, IdTaken, LimitReached
from afterword.model import Status
from afterword.store import (
    Addition,
    Changes,
    Facts,
    Lesson,
    Letter,
    Limit,
    Page,
    Query,
    Tally,
    archive,
    batches,
)
from afterword.store.tables import (
    DECISIONS,
    LETTERS,
    NAMES,
    SUBMISSIONS,
    TAKEN,
    WORDS,
    decision,
    decision_row,
    letter,
    letter_row,
    microseconds,
    status,
    submission,
    submission_row,
)
from afterword.store.writer import Begin, GroupWriter, Work, store_error
from afterword.submission import Action, Decision, Door, Submission

T = TypeVar("T")

# The row of `words` that counts submissions instead of a word.
_ALL: Final = -1
_CHANGES: Final = "changes"
_BUILT: Final = "built"
_READY: Final = "ready"


_BY_ID: Final = select(SUBMISSIONS).where(SUBMISSIONS.c.id == bindparam("id"))
_BY_FINGERPRINT: Final = select(SUBMISSIONS).where(
    SUBMISSIONS.c.fingerprint == bindparam("fingerprint")
)
# A new submission, unless its id is one that was deleted.
_NEW_ROW: Final = select(
    *(bindparam(column.key, type_=column.type) for column in SUBMISSIONS.c)
).where(~select(TAKEN.c.id).where(TAKEN.c.id == bindparam("id")).exists())
_TOLD: Final = select(WORDS.c.word, WORDS.c.ham, WORDS.c.spam).where(
    WORDS.c.word.in_(bindparam("words", expanding=True))
)
# Writers take turns, so that nobody else counts the same.
_NEXT_SEQUENCE: Final = select(
    func.coalesce(func.max(DECISIONS.c.sequence), 0) + 1
).scalar_subquery()


def _facts() -> Select[Any]:
    column = SUBMISSIONS.c
    person = and_(column.email_key == bindparam("email_key"), column.email_key != "")
    recent = column.date >= bindparam("since")
    text = and_(column.text_key == bindparam("text_key"), recent, column.id != bindparam("id"))
    conditions = {
        "approved": and_(
            person, column.author == bindparam("author"), column.status == Status.APPROVED
        ),
        # What a rule alone took for spam, nobody has refused.
        "refused": and_(person, column.status == Status.SPAM, column.revision > 1),
        "same_text": text,
        "same_text_here": and_(text, column.entry == bindparam("entry")),
        "from_address": and_(column.address == bindparam("address"), column.address != "", recent),
    }
    counted = select(func.count()).select_from(SUBMISSIONS)
    everything = WORDS.c.word == _ALL
    return select(
        *(counted.where(each).scalar_subquery().label(name) for name, each in conditions.items()),
        *(
            func.coalesce(select(number).where(everything).scalar_subquery(), 0)
            for number in (WORDS.c.ham, WORDS.c.spam)
        ),
    )


_FACTS: Final = _facts()


def _counting(insert: Callable[..., Any]) -> Any:  # noqa: ANN401  # a dialect's own statement
    """A statement that counts one more under a name, from 1 once its time was over."""
    over = and_(NAMES.c.until.is_not(None), NAMES.c.until <= bindparam("now"))
    new = insert(NAMES).values({key: bindparam(key) for key in ("name", "count", "until")})
    return new.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "count": case((over, new.excluded.count), else_=NAMES.c.count + new.excluded.count),
            "until": case((over, new.excluded.until), else_=NAMES.c.until),
        },
    ).returning(NAMES.c.count)


class SqlStore:
    """A store in a database that SQLAlchemy knows.

    ``begin_write`` opens transactions that run one after the other, whoever opens them;
    ``begin_read`` opens a snapshot; ``insert`` is the database's own, which knows what to do
    on a conflict.
    """

    def __init__(  # what the two databases do not have in common
        self,
        begin_read: Begin,
        begin_write: Begin,
        reset: Callable[[], None],
        insert: Callable[..., Any],
        clock: Callable[[], datetime],
    ) -> None:
        self._begin_read = begin_read
        self._writer = GroupWriter(begin_write, reset)
        self._insert = insert
        self._clock = clock
        # What is asked for with each response is put together once.
        self._add_submission = (
            insert(SUBMISSIONS)
            .from_select(list(SUBMISSIONS.c.keys()), _NEW_ROW)
            .on_conflict_do_nothing()
            .returning(SUBMISSIONS.c.id)
        )
        self._add_decision = insert(DECISIONS).values(sequence=_NEXT_SEQUENCE)
        self._add_count = _counting(insert)

    # Submissions

    def add(self, new: Submission, decision: Decision, limit: Limit | None = None) -> Submission:
        return self._write(self._addition(Addition(new, decision, limit)))

    def add_all(self, additions: Sequence[Addition]) -> Sequence[Submission | AfterwordError]:
        if all(each.limit is None and each.new.fingerprint is None for each in additions):
            return self._write(lambda c: batches.add(c, additions))
        return self._writer.run_all([self._addition(each) for each in additions])

    def _addition(self, each: Addition) -> Work[Submission]:
        new, limit = each.new, each.limit
        row = {"change": 0, **submission_row(new)}

        def work(connection: Connection) -> Submission:
            if connection.execute(self._add_submission, row).first() is None:
                same = {"fingerprint": new.fingerprint}
                if earlier := connection.execute(_BY_FINGERPRINT, same).first():
                    return submission(earlier)
                raise IdTaken(new.id)
            if limit and self._count(connection, limit.name, limit.until) > limit.most:
                raise LimitReached(limit.name, limit.until)
            self._record(connection, each.decision)
            return new

        return work

    def get(self, submission_id: str) -> Submission | None:
        return self._read(lambda c: _first(c.execute(_BY_ID, {"id": submission_id})))

    def look_up(self, ids: Collection[str]) -> Mapping[str, Submission | None]:
        kept = select(SUBMISSIONS).where(SUBMISSIONS.c.id.in_(ids))
        gone = select(TAKEN.c.id).where(TAKEN.c.id.in_(ids))

        def work(connection: Connection) -> Mapping[str, Submission | None]:
            found: dict[str, Submission | None] = dict.fromkeys(connection.scalars(gone))
            return found | {row.id: submission(row) for row in connection.execute(kept)}

        return self._read(work)

    def change(self, after: Submission, decision: Decision, lessons: Sequence[Lesson] = ()) -> bool:
        def work(connection: Connection) -> bool:
            row = submission_row(after)
            statement = (
                update(SUBMISSIONS)
                .where(SUBMISSIONS.c.id == after.id, SUBMISSIONS.c.revision == after.revision - 1)
                .values({name: row[name] for name in row if name != "id"})
            )
            if connection.execute(statement).rowcount != 1:
                return False
            self._record(connection, decision)
            for lesson in lessons:
                self._learn(connection, lesson)
            return True

        return self._write(work)

    def find(self, query: Query) -> Page:
        where = and_(True, *self._conditions(query))  # SQL's, for no condition
        newest = (SUBMISSIONS.c.date.desc(), SUBMISSIONS.c.id.desc())
        listing = select(SUBMISSIONS).where(where).order_by(*newest)

        def work(connection: Connection) -> Page:
            total = connection.execute(select(func.count()).select_from(SUBMISSIONS).where(where))
            rows = connection.execute(listing.offset(query.offset).limit(query.limit))
            return Page(tuple(map(submission, rows)), total.scalar_one())

        return self._read(work)

    def counts(self) -> Mapping[Status, int]:
        grouped = select(SUBMISSIONS.c.status, func.count()).group_by(SUBMISSIONS.c.status)

        def work(connection: Connection) -> Mapping[Status, int]:
            counted = dict.fromkeys(Status, 0)
            for text, number in connection.execute(grouped):
                counted[status(text)] += number
            return counted

        return self._read(work)

    def history(self, submission_id: str) -> tuple[Decision, ...]:
        return self._decisions(DECISIONS.c.submission == submission_id, None)

    def decisions(self, after: int, limit: int) -> tuple[Decision, ...]:
        return self._decisions(DECISIONS.c.sequence > after, limit)

    def evidence(
        self, new: Submission, since: datetime, words: Collection[int]
    ) -> tuple[Facts, Tally]:
        known = {
            "id": new.id,
            "entry": new.entry,
            "author": new.author,
            "email_key": new.email.casefold(),
            "text_key": new.text_key,
            "address": new.address,
            "since": microseconds(since),
        }

        def work(connection: Connection) -> tuple[Facts, Tally]:
            *facts, ham, spam = connection.execute(_FACTS, known).one()
            # Of a filter that has learnt only one kind, or nothing, no word says anything.
            told = words if ham and spam else ()
            return Facts(*facts), Tally(ham, spam, _told(connection, told))

        return self._read(work)

    # Publishing

    def unsettled(self) -> tuple[Submission, ...]:
        listing = select(SUBMISSIONS).where(SUBMISSIONS.c.settled.is_(False))
        listing = listing.order_by(SUBMISSIONS.c.date, SUBMISSIONS.c.id)
        return self._read(lambda c: tuple(map(submission, c.execute(listing))))

    def settle(self, submission_id: str, revision: int) -> bool:
        return self.settle_all([(submission_id, revision)])[0]

    def settle_all(self, shown: Sequence[tuple[str, int]]) -> Sequence[bool]:
        def work(connection: Connection) -> Sequence[bool]:
            current = batches.current(connection, shown)
            if current:
                last = self._count(connection, _CHANGES, None, len(current))
                batches.settle(connection, current, last)
            known = frozenset(current)
            return [each in known for each in shown]

        return self._write(work) if shown else []

    def changes(self) -> Changes:
        names = select(NAMES.c.name, NAMES.c.count).where(NAMES.c.name.in_((_CHANGES, _BUILT)))

        def work(connection: Connection) -> Changes:
            found = {row.name: row[1] for row in connection.execute(names)}
            return Changes(found.get(_CHANGES, 0), found.get(_BUILT, 0))

        return self._read(work)

    def built(self, number: int) -> None:
        new = self._insert(NAMES).values(name=_BUILT, count=number)
        higher = case((NAMES.c.count > number, NAMES.c.count), else_=number)
        statement = new.on_conflict_do_update(index_elements=["name"], set_={"count": higher})
        self._execute(statement)

    def settled_since(self, number: int, limit: int) -> tuple[tuple[int, Submission], ...]:
        listing = select(SUBMISSIONS).where(SUBMISSIONS.c.change > number)
        listing = listing.order_by(SUBMISSIONS.c.change).limit(limit)
        return self._read(
            lambda c: tuple((row.change, submission(row)) for row in c.execute(listing))
        )

    # The filter

    def tally(self, words: Collection[int]) -> Tally:
        told = self._read(lambda c: _told(c, [_ALL, *words]))
        ham, spam = told.pop(_ALL, (0, 0))
        return Tally(ham, spam, told)

    # Names

    def count(self, name: str, until: datetime) -> int:
        return self._write(lambda c: self._count(c, name, until))

    def keep(self, name: str, value: str, until: datetime | None = None) -> None:
        end = microseconds(until) if until else None
        new = self._insert(NAMES).values(name=name, value=value, count=0, until=end)
        statement = new.on_conflict_do_update(
            index_elements=["name"], set_={"value": value, "until": end}
        )
        self._execute(statement)

    def keep_first(self, name: str, value: str, until: datetime | None = None) -> str:
        def work(connection: Connection) -> str:
            there = self._recall(connection, name)
            if there is not None:
                return there
            connection.execute(delete(NAMES).where(NAMES.c.name == name))
            end = microseconds(until) if until else None
            connection.execute(
                self._insert(NAMES).values(name=name, value=value, count=0, until=end)
            )
            return value

        there = self.recall(name)
        return there if there is not None else self._write(work)

    def recall(self, name: str) -> str | None:
        return self._read(lambda c: self._recall(c, name))

    def forget(self, prefix: str) -> int:
        statement = delete(NAMES).where(NAMES.c.name.startswith(prefix, autoescape=True))
        return self._write(lambda c: c.execute(statement).rowcount)

    # Mail

    def post(self, letters: Iterable[Letter], cursor: str, was: str | None, now_at: str) -> bool:
        rows = [letter_row(each) for each in letters]

        def work(connection: Connection) -> bool:
            if self._recall(connection, cursor) != was:
                return False
            for row in rows:
                connection.execute(self._insert(LETTERS).values(row).on_conflict_do_nothing())
            new = self._insert(NAMES).values(name=cursor, value=now_at, count=0)
            connection.execute(
                new.on_conflict_do_update(index_elements=["name"], set_={"value": now_at})
            )
            return True

        return self._write(work)

    def claim(self, limit: int, lease_until: datetime) -> tuple[Letter, ...]:
        now = microseconds(self._clock())
        due = select(LETTERS.c.key).where(LETTERS.c.sent.is_(False), LETTERS.c.due <= now)
        due = due.order_by(LETTERS.c.due, LETTERS.c.key).limit(limit)
        statement = (
            update(LETTERS)
            .where(LETTERS.c.key.in_(due.scalar_subquery()))
            .values(due=microseconds(lease_until))
            .returning(*LETTERS.c)
        )
        return self._write(lambda c: tuple(map(letter, c.execute(statement).fetchall())))

    def sent(self, key: str) -> None:
        nothing = {"to": "", "subject": "", "text": "", "headers": "{}", "sent": True}
        statement = update(LETTERS).where(LETTERS.c.key == key).values(nothing)
        self._execute(statement)

    def postpone(self, key: str, until: datetime) -> None:
        later = {"due": microseconds(until), "attempts": LETTERS.c.attempts + 1}
        statement = update(LETTERS).where(LETTERS.c.key == key).values(later)
        self._execute(statement)

    def waiting(self) -> int:
        statement = select(func.count()).where(LETTERS.c.sent.is_(False))
        return self._read(lambda c: c.execute(statement).scalar_one())

    # People's data

    def about(self, email: str) -> tuple[Submission, ...]:
        listing = select(SUBMISSIONS).where(SUBMISSIONS.c.email_key == email.casefold())
        listing = listing.order_by(SUBMISSIONS.c.date, SUBMISSIONS.c.id)
        return self._read(lambda c: tuple(map(submission, c.execute(listing))))

    def erase(self, email: str) -> tuple[str, ...]:
        key = email.casefold()

        def work(connection: Connection) -> tuple[str, ...]:
            listing = select(SUBMISSIONS).where(SUBMISSIONS.c.email_key == key)
            found = tuple(map(submission, connection.execute(listing).fetchall()))
            for each in found:
                connection.execute(
                    update(SUBMISSIONS).where(SUBMISSIONS.c.id == each.id).values(_erased(each))
                )
                self._record(connection, self._erasure(each))
            named = func.lower(NAMES.c.name).contains(key, autoescape=True)
            connection.execute(delete(NAMES).where(named))
            named = func.lower(LETTERS.c.key).contains(key, autoescape=True)
            connection.execute(delete(LETTERS).where(or_(func.lower(LETTERS.c.to) == key, named)))
            return tuple(each.id for each in found)

        erased = self._write(work)
        self._scrub()
        return erased

    def expire(self, address_before: datetime, delete_before: datetime) -> int:
        column = SUBMISSIONS.c
        old = and_(column.address != "", column.date < microseconds(address_before))
        gone = and_(
            column.status.in_((Status.SPAM, Status.TRASH)),
            column.date < microseconds(delete_before),
            column.settled.is_(True),
        )
        over = NAMES.c.until <= microseconds(self._clock())

        def work(connection: Connection) -> int:
            connection.execute(update(SUBMISSIONS).where(old).values(address=""))
            ids = select(column.id).where(gone)
            connection.execute(self._insert(TAKEN).from_select(["id"], ids))
            connection.execute(delete(DECISIONS).where(DECISIONS.c.submission.in_(ids)))
            connection.execute(delete(NAMES).where(over))
            return connection.execute(delete(SUBMISSIONS).where(gone)).rowcount

        return self._write(work)

    # The database itself

    def backup(self, path: Path) -> None:
        self._read(lambda c: archive.save(c, path))

    def restore(self, path: Path) -> None:
        rows = archive.load(path)
        self._write(lambda c: archive.replace(c, rows))

    def check(self) -> None:
        self.keep(_READY, self._clock().isoformat())

    def close(self) -> None:
        self._writer.close()

    # How it is done

    def _scrub(self) -> None:
        """Take what was deleted out of the database's files, as far as that can be done."""

    def _read(self, work: Work[T]) -> T:
        with _translated(), self._begin_read() as connection:
            return work(connection)

    def _write(self, work: Work[T]) -> T:
        return self._writer.run(work)

    def _execute(self, statement: Executable) -> None:
        self._write(lambda c: c.execute(statement))

    def _record(self, connection: Connection, each: Decision) -> None:
        connection.execute(self._add_decision, decision_row(each))

    def _decisions(self, where: ColumnElement[bool], limit: int | None) -> tuple[Decision, ...]:
        listing = select(DECISIONS).where(where).order_by(DECISIONS.c.sequence).limit(limit)
        return self._read(lambda c: tuple(map(decision, c.execute(listing))))

    def _count(
        self, connection: Connection, name: str, until: datetime | None, more: int = 1
    ) -> int:
        counted = {
            "name": name,
            "count": more,
            "until": microseconds(until) if until else None,
            "now": microseconds(self._clock()),
        }
        number: int = connection.execute(self._add_count, counted).scalar_one()
        return number

    def _recall(self, connection: Connection, name: str) -> str | None:
        row = connection.execute(select(NAMES).where(NAMES.c.name == name)).first()
        if row is None or (row.until is not None and row.until <= microseconds(self._clock())):
            return None
        value: str | None = row.value
        return value

    def _learn(self, connection: Connection, lesson: Lesson) -> None:
        if not lesson.ham and not lesson.spam:
            return
        new = self._insert(WORDS)
        statement = new.on_conflict_do_update(
            index_elements=["word"],
            set_={
                "ham": _not_below_zero(WORDS.c.ham + lesson.ham),
                "spam": _not_below_zero(WORDS.c.spam + lesson.spam),
            },
        )
        first = {"ham": max(0, lesson.ham), "spam": max(0, lesson.spam)}
        # In one order, as all who lock rows should.
        rows = [{"word": word, **first} for word in (_ALL, *sorted(lesson.words))]
        connection.execute(statement, rows)

    def _conditions(self, query: Query) -> Iterator[ColumnElement[bool]]:
        column = SUBMISSIONS.c
        if query.status is Status.PENDING:
            yield column.status.not_in((Status.APPROVED, Status.SPAM, Status.TRASH))
        elif query.status:
            yield column.status == query.status
        if query.entry is not None:
            yield column.entry == query.entry
        if query.address is not None:
            yield column.address == query.address
        if query.text:
            searched = (column.author, column.email, column.website, column.body, column.entry)
            yield or_(*(_contains(each, query.text) for each in searched))

    def _erasure(self, each: Submission) -> Decision:
        return Decision(
            submission=each.id,
            action=Action.TRASH,
            door=Door.SYSTEM,
            by="afterword",
            at=self._clock(),
            before=each.status,
            after=Status.TRASH,
            why="erased on request",
        )


def _erased(each: Submission) -> Mapping[str, object]:
    return {
        "author": "",
        "email": "",
        "email_key": "",
        "website": None,
        "body": "",
        "text_key": "",
        "address": "",
        "reasons": "[]",
        "source": None,
        "fingerprint": None,
        "wants_mail": False,
        "status": str(Status.TRASH),
        "revision": each.revision + 1,
        "settled": each.settled and each.status is not Status.APPROVED,
    }


def _first(rows: Result[Any]) -> Submission | None:
    row = rows.first()
    return submission(row) if row else None


def _told(connection: Connection, words: Collection[int]) -> dict[int, tuple[int, int]]:
    if not words:
        return {}
    told = connection.execute(_TOLD, {"words": list(words)})
    return {word: (ham, spam) for word, ham, spam in told}


def _contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    # SQLite takes only ASCII letters for the same in both cases.
    others = () if text.isascii() else (text.lower(), text.upper(), text.title())
    spellings = sorted({text, *others})
    return or_(*(column.icontains(each, autoescape=True) for each in spellings))


def _not_below_zero(value: ColumnElement[int]) -> ColumnElement[int]:
    return case((value < 0, 0), else_=value)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise store_error(error) from None
