"""The queue in memory: gone with the process. For tests, and to try something out."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from afterword.errors import AfterwordError, IdTaken, LimitReached, StoreError
from afterword.model import Status
from afterword.store import Addition, Changes, Facts, Lesson, Letter, Limit, Page, Query, Tally
from afterword.submission import Action, Decision, Door, Submission


@dataclass(slots=True)
class _Named:
    value: str | None = None
    count: int = 0
    until: datetime | None = None


@dataclass(slots=True)
class _State:
    submissions: dict[str, Submission] = field(default_factory=dict)
    change_of: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    decisions: list[Decision] = field(default_factory=list)
    words: dict[int, tuple[int, int]] = field(default_factory=dict)
    ham: int = 0
    spam: int = 0
    names: dict[str, _Named] = field(default_factory=dict)
    letters: dict[str, Letter | None] = field(default_factory=dict)
    made: int = 0
    built: int = 0


class MemoryStore:
    """A store that one process has for itself."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._state = _State()

    # Submissions

    def add(self, new: Submission, decision: Decision, limit: Limit | None = None) -> Submission:
        with self._lock:
            for earlier in self._state.submissions.values():
                if new.fingerprint is not None and earlier.fingerprint == new.fingerprint:
                    return earlier
            if limit and self._named(limit.name).count >= limit.most:
                raise LimitReached(limit.name, limit.until)
            if new.id in self._state.taken:
                raise IdTaken(new.id)
            if limit:
                self.count(limit.name, limit.until)
            self._state.taken.add(new.id)
            self._state.submissions[new.id] = new
            self._record(decision)
            return new

    def add_all(self, additions: Sequence[Addition]) -> Sequence[Submission | AfterwordError]:
        added: list[Submission | AfterwordError] = []
        for each in additions:
            try:
                added.append(self.add(each.new, each.decision, each.limit))
            except AfterwordError as error:
                added.append(error)
        return added

    def get(self, submission_id: str) -> Submission | None:
        return self._state.submissions.get(submission_id)

    def look_up(self, ids: Collection[str]) -> Mapping[str, Submission | None]:
        with self._lock:
            return {each: self.get(each) for each in ids if each in self._state.taken}

    def change(self, after: Submission, decision: Decision, lessons: Sequence[Lesson] = ()) -> bool:
        with self._lock:
            before = self._state.submissions.get(after.id)
            if before is None or before.revision != after.revision - 1:
                return False
            self._state.submissions[after.id] = after
            self._record(decision)
            for lesson in lessons:
                self._learn(lesson)
            return True

    def find(self, query: Query) -> Page:
        found = [each for each in self._all() if _matches(each, query)]
        found.reverse()
        part = found[query.offset : query.offset + query.limit]
        return Page(tuple(part), len(found))

    def counts(self) -> Mapping[Status, int]:
        counted = dict.fromkeys(Status, 0)
        for each in self._all():
            counted[each.status] += 1
        return counted

    def history(self, submission_id: str) -> tuple[Decision, ...]:
        with self._lock:
            return tuple(d for d in self._state.decisions if d.submission == submission_id)

    def decisions(self, after: int, limit: int) -> tuple[Decision, ...]:
        with self._lock:
            return tuple(d for d in self._state.decisions if d.sequence > after)[:limit]

    def evidence(
        self, new: Submission, since: datetime, words: Collection[int]
    ) -> tuple[Facts, Tally]:
        everything = self._all()
        recent = [each for each in everything if each.date >= since and each.id != new.id]
        email = new.email.casefold()
        person = [each for each in everything if email and each.email.casefold() == email]
        same = [each for each in recent if each.text_key == new.text_key]
        facts = Facts(
            approved=sum(
                each.status is Status.APPROVED and each.author == new.author for each in person
            ),
            refused=sum(each.status is Status.SPAM and each.revision > 1 for each in person),
            same_text=len(same),
            same_text_here=sum(each.entry == new.entry for each in same),
            from_address=sum(
                bool(new.address) and each.address == new.address
                for each in everything
                if each.date >= since
            ),
        )
        return facts, self.tally(words)

    # Publishing

    def unsettled(self) -> tuple[Submission, ...]:
        return tuple(each for each in self._all() if not each.settled)

    def settle(self, submission_id: str, revision: int) -> bool:
        with self._lock:
            now = self._state.submissions.get(submission_id)
            if now is None or now.revision != revision:
                return False
            self._state.made += 1
            self._state.submissions[submission_id] = replace(now, settled=True)
            self._state.change_of[submission_id] = self._state.made
            return True

    def settle_all(self, shown: Sequence[tuple[str, int]]) -> Sequence[bool]:
        return [self.settle(submission_id, revision) for submission_id, revision in shown]

    def changes(self) -> Changes:
        return Changes(self._state.made, self._state.built)

    def built(self, number: int) -> None:
        with self._lock:
            self._state.built = max(self._state.built, number)

    def settled_since(self, number: int, limit: int) -> tuple[tuple[int, Submission], ...]:
        with self._lock:
            changed = sorted((n, i) for i, n in self._state.change_of.items() if n > number)
            return tuple((n, self._state.submissions[i]) for n, i in changed[:limit])

    # The filter

    def tally(self, words: Collection[int]) -> Tally:
        with self._lock:
            known = {w: self._state.words[w] for w in words if w in self._state.words}
            return Tally(self._state.ham, self._state.spam, known)

    # Names

    def count(self, name: str, until: datetime) -> int:
        with self._lock:
            named = self._named(name)
            if not named.count and named.value is None:
                named.until = until
            named.count += 1
            self._state.names[name] = named
            return named.count

    def keep(self, name: str, value: str, until: datetime | None = None) -> None:
        with self._lock:
            named = self._named(name)
            named.value, named.until = value, until
            self._state.names[name] = named

    def keep_first(self, name: str, value: str, until: datetime | None = None) -> str:
        with self._lock:
            there = self._named(name).value
            if there is None:
                self.keep(name, value, until)
            return value if there is None else there

    def recall(self, name: str) -> str | None:
        with self._lock:
            return self._named(name).value

    def forget(self, prefix: str) -> int:
        with self._lock:
            gone = [name for name in self._state.names if name.startswith(prefix)]
            for name in gone:
                del self._state.names[name]
            return len(gone)

    # Mail

    def post(self, letters: Iterable[Letter], cursor: str, was: str | None, now_at: str) -> bool:
        with self._lock:
            if self.recall(cursor) != was:
                return False
            for letter in letters:
                self._state.letters.setdefault(letter.key, letter)
            self.keep(cursor, now_at)
            return True

    def claim(self, limit: int, lease_until: datetime) -> tuple[Letter, ...]:
        with self._lock:
            now = self._clock()
            due = [each for each in self._state.letters.values() if each and each.due <= now]
            due = sorted(due, key=lambda each: (each.due, each.key))[:limit]
            claimed = tuple(replace(each, due=lease_until) for each in due)
            self._state.letters.update({each.key: each for each in claimed})
            return claimed

    def sent(self, key: str) -> None:
        with self._lock:
            self._state.letters[key] = None

    def postpone(self, key: str, until: datetime) -> None:
        with self._lock:
            if letter := self._state.letters.get(key):
                later = replace(letter, due=until, attempts=letter.attempts + 1)
                self._state.letters[key] = later

    def waiting(self) -> int:
        with self._lock:
            return sum(each is not None for each in self._state.letters.values())

    # People's data

    def about(self, email: str) -> tuple[Submission, ...]:
        return tuple(each for each in self._all() if each.email.casefold() == email.casefold())

    def erase(self, email: str) -> tuple[str, ...]:
        key = email.casefold()
        with self._lock:
            found = self.about(email)
            for each in found:
                self._state.submissions[each.id] = _erased(each)
                self._record(_erasure(each, self._clock()))
            for name in [name for name in self._state.names if key in name.casefold()]:
                del self._state.names[name]
            for name, letter in list(self._state.letters.items()):
                if key in name.casefold() or (letter and letter.to.casefold() == key):
                    del self._state.letters[name]
            return tuple(each.id for each in found)

    def expire(self, address_before: datetime, delete_before: datetime) -> int:
        with self._lock:
            gone = set()
            for each in self._all():
                if each.date < address_before:
                    self._state.submissions[each.id] = replace(each, address="")
                unwanted = each.status in {Status.SPAM, Status.TRASH} and each.settled
                if unwanted and each.date < delete_before:
                    del self._state.submissions[each.id]
                    self._state.change_of.pop(each.id, None)
                    gone.add(each.id)
            kept = [d for d in self._state.decisions if d.submission not in gone]
            self._state.decisions[:] = kept
            now = self._clock()
            for name, named in list(self._state.names.items()):
                if named.until and named.until <= now:
                    del self._state.names[name]
            return len(gone)

    # The database itself

    def backup(self, path: Path) -> None:
        raise StoreError(f"what is only in memory is not worth a backup in {path.name}")

    def restore(self, path: Path) -> None:
        raise StoreError(f"{path.name} belongs into a database, not into memory")

    def check(self) -> None:
        """Memory can always be written to."""

    def close(self) -> None:
        """Nothing is open."""

    # How it is done

    def _all(self) -> list[Submission]:
        with self._lock:
            everything = list(self._state.submissions.values())
        return sorted(everything, key=lambda each: (each.date, each.id))

    def _named(self, name: str) -> _Named:
        named = self._state.names.get(name)
        if named is None or (named.until and named.until <= self._clock()):
            return _Named()
        return named

    def _record(self, decision: Decision) -> None:
        last = self._state.decisions[-1].sequence if self._state.decisions else 0
        self._state.decisions.append(replace(decision, sequence=last + 1))

    def _learn(self, lesson: Lesson) -> None:
        self._state.ham = max(0, self._state.ham + lesson.ham)
        self._state.spam = max(0, self._state.spam + lesson.spam)
        for word in lesson.words:
            ham, spam = self._state.words.get(word, (0, 0))
            self._state.words[word] = (max(0, ham + lesson.ham), max(0, spam + lesson.spam))


def _matches(each: Submission, query: Query) -> bool:
    if query.status not in {None, each.status}:
        return False
    if query.entry not in {None, each.entry} or query.address not in {None, each.address}:
        return False
    searched = (each.author, each.email, each.website or "", each.body, each.entry)
    return any(query.text.casefold() in text.casefold() for text in searched)


def _erased(each: Submission) -> Submission:
    return Submission(
        id=each.id,
        entry=each.entry,
        author="",
        body="",
        date=each.date,
        replyto=each.replyto,
        kind=each.kind,
        by_author=each.by_author,
        status=Status.TRASH,
        revision=each.revision + 1,
        score=each.score,
        settled=each.settled and each.status is not Status.APPROVED,
    )


def _erasure(each: Submission, at: datetime) -> Decision:
    return Decision(
        submission=each.id,
        action=Action.TRASH,
        door=Door.SYSTEM,
        by="afterword",
        at=at,
        before=each.status,
        after=Status.TRASH,
        why="erased on request",
    )
