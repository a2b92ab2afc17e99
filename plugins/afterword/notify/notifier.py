"""Turning decisions into letters, and getting the letters out."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from afterword.addresses import Addresses
from afterword.errors import MailError
from afterword.model import Status
from afterword.notify.letters import Site, Writer, sendable
from afterword.notify.smtp import Mailer
from afterword.notify.subscriptions import Subscriptions
from afterword.store import Letter, Query, Store
from afterword.submission import Action, Decision, Door, Submission
from afterword.tokens import Signer

log: Final = logging.getLogger(__name__)

_CURSOR: Final = "mail-cursor"
_READ_AT_ONCE: Final = 200
_SENT_AT_ONCE: Final = 20
_LEASE: Final = timedelta(minutes=5)
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)
_MOST_ATTEMPTS: Final = 22  # about three days
_DIGESTED_AT_ONCE: Final = 50


@dataclass(frozen=True)
class Notifier:
    """Writes and sends the mail of one site. Any number may share a store.

    ``entry_of`` gives a post's title and address by its key, or None.
    """

    store: Store
    signer: Signer
    addresses: Addresses
    site: Site
    entry_of: Callable[[str], tuple[str, str] | None]
    clock: Callable[[], datetime]

    def run_once(self, mailer: Mailer) -> None:
        """Write what is to be written, and send what is due."""
        while self.write():
            pass
        while self.deliver(mailer):
            pass

    def write(self) -> int:
        """Make letters of decisions that have none yet; return how many decisions were read.

        A service that starts on an old queue tells nobody of the years before.
        """
        was = self.store.recall(_CURSOR)
        if was is None:
            self.store.keep_first(_CURSOR, str(self._newest()))
            return 0
        found = self.store.decisions(int(was), _READ_AT_ONCE)
        if not found:
            return self._write_digest()
        letters = [letter for each in found for letter in self._letters(each)]
        self.store.post(letters, _CURSOR, was, str(found[-1].sequence))
        return len(found)

    def deliver(self, mailer: Mailer) -> int:
        """Send letters that are due; return how many were tried."""
        claimed = self.store.claim(_SENT_AT_ONCE, self.clock() + _LEASE)
        for letter in claimed:
            self._send(letter, mailer)
        return len(claimed)

    def _send(self, letter: Letter, mailer: Mailer) -> None:
        kind = letter.key.partition(":")[0]
        try:
            mailer.send(letter, self.clock())
        except MailError as error:
            if error.for_good or letter.attempts + 1 >= _MOST_ATTEMPTS:
                log.warning("mail given up", extra={"kind": kind, "reason": error.reason})
                self.store.sent(letter.key)
                return
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2**letter.attempts)
            log.warning("mail later", extra={"kind": kind, "reason": error.reason})
            self.store.postpone(letter.key, self.clock() + wait)
        else:
            self.store.sent(letter.key)

    def _newest(self) -> int:
        newest = 0
        while found := self.store.decisions(newest, 1000):
            newest = found[-1].sequence
        return newest

    def _letters(self, decision: Decision) -> Iterator[Letter]:
        each = self.store.get(decision.submission)
        # Those who move in with years of responses have read them, and so have their readers.
        if each is None or decision.door is Door.IMPORT:
            return
        if decision.action is Action.RECEIVE and decision.after is not Status.SPAM:
            yield from self._to_moderator(each)
        if decision.after is Status.APPROVED and decision.before is not Status.APPROVED:
            yield from self._to_commenters(each)

    def _to_moderator(self, each: Submission) -> Iterator[Letter]:
        undecided = each.status is Status.PENDING or each.revision == 1
        if self.site.moderator and not self.site.digest and undecided:
            yield self._writer.moderate(each, self._about(each), self._waiting(), self.clock())

    def _to_commenters(self, each: Submission) -> Iterator[Letter]:
        if not self.site.reply_mail or each.status is not Status.APPROVED:
            return
        if each.wants_mail and sendable(each.email) and self._may_ask(each.email):
            yield self._writer.confirm(each.email, self.clock())
        parent = self.store.get(each.replyto) if each.replyto else None
        if parent and parent.wants_mail and sendable(parent.email):
            same = parent.email.casefold() == each.email.casefold()
            if not same and Subscriptions(self.store).wants(parent.email):
                yield self._writer.reply(each, parent, self._about(each), self.clock())

    def _may_ask(self, email: str) -> bool:
        return Subscriptions(self.store).may_ask(email)

    def _write_digest(self) -> int:
        """Tell the moderator of all that wait since the last digest, when it is time."""
        if not self.site.moderator or not self.site.digest:
            return 0
        now = self.clock()
        number = int(now.timestamp() // self.site.digest.total_seconds())
        last = self.store.recall("digest")
        if last is not None and int(last.partition(" ")[0]) >= number:
            return 0
        since = (
            datetime.fromisoformat(last.partition(" ")[2])
            if last
            else datetime.min.replace(tzinfo=UTC)
        )
        new = [each for each in self._pending() if each.date > since]
        if not new:
            return 0
        letter = self._writer.digest(
            new[:_DIGESTED_AT_ONCE], f"digest:{number}", self._waiting(), now
        )
        newest = max(each.date for each in new)
        self.store.post(
            [replace(letter, due=now)], "digest", last, f"{number} {newest.isoformat()}"
        )
        return 0

    def _pending(self) -> Sequence[Submission]:
        return self.store.find(Query(status=Status.PENDING, limit=500)).submissions

    def _waiting(self) -> int:
        return self.store.counts()[Status.PENDING]

    def _about(self, each: Submission) -> tuple[str, str]:
        return self.entry_of(each.entry) or (each.entry, self.addresses.moderate)

    @property
    def _writer(self) -> Writer:
        return Writer(self.site, self.signer, self.addresses)
