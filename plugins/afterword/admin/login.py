"""Who may moderate: one password, kept as a scrypt hash, and sessions that end.

The cookie's name begins with ``__Host-`` (RFC 6265bis, section 4.1.3.2): a browser takes it
from this host alone, over a safe connection alone. Browsers count 127.0.0.1 as one.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from afterword.store import Store

COOKIE: Final = "__Host-afterword"
SESSION: Final = timedelta(days=14)
# So many wrong passwords from one address, within so long.
ATTEMPTS: Final = 10
WINDOW: Final = timedelta(minutes=15)

_NAME: Final = "password"
# 2^15 blocks of 1 KB: 32 MB and about 80 ms (OWASP's password storage advice of 2023).
_COST: Final = 2**15
_BLOCKS: Final = 8


def new_password() -> str:
    """A password nobody guesses: 120 random bits in five groups of six digits."""
    text = secrets.token_hex(15)
    return "-".join(text[start : start + 6] for start in range(0, 30, 6))


@dataclass(frozen=True)
class Login:
    """Checks the password and keeps sessions. ``new_token`` makes secrets."""

    store: Store
    clock: Callable[[], datetime]
    new_token: Callable[[], str]
    # One at a time: each check takes memory.
    _checking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def set_first(self, password: str) -> bool:
        """Set the password unless there is one; say whether it was set."""
        mine = _hashed(password, self.new_token())
        return self.store.keep_first(_NAME, mine) == mine

    def set(self, password: str) -> None:
        """Set the password, and end every session."""
        self.store.keep(_NAME, _hashed(password, self.new_token()))
        self.store.forget("session:")

    def enter(self, password: str, address: str) -> str | None:
        """Begin a session and return its secret; None if the password is wrong.

        Raises nothing: after too many attempts from an address every password is wrong.
        """
        now = self.clock()
        window = int(now.timestamp() // WINDOW.total_seconds())
        attempts = self.store.count(f"login:{address}:{window}", now + WINDOW)
        kept = self.store.recall(_NAME)
        if attempts > ATTEMPTS or kept is None:
            return None
        with self._checking:
            if not _matches(password, kept):
                return None
        self.store.forget(f"login:{address}:")
        session = self.new_token()
        self.store.keep(f"session:{_digest(session)}", "open", now + SESSION)
        return session

    def is_open(self, session: str) -> bool:
        """Whether a session is still open."""
        return bool(session) and self.store.recall(f"session:{_digest(session)}") is not None

    def leave(self, session: str) -> None:
        """End a session."""
        self.store.forget(f"session:{_digest(session)}")


def _digest(session: str) -> str:
    """What the database knows of a session: nobody can enter with it."""
    return hashlib.sha256(session.encode("utf-8", "replace")).hexdigest()


def _hashed(password: str, salt: str) -> str:
    digest = hashlib.scrypt(
        password.encode(), salt=salt.encode(), n=_COST, r=_BLOCKS, p=1, maxmem=2**26
    )
    return f"scrypt${_COST}${_BLOCKS}${salt}${digest.hex()}"


def _matches(password: str, kept: str) -> bool:
    try:
        _, cost, blocks, salt, digest = kept.split("$")
        mine = hashlib.scrypt(
            password.strip().encode("utf-8", "replace"),
            salt=salt.encode(),
            n=int(cost),
            r=int(blocks),
            p=1,
            maxmem=2**26,
        )
    except ValueError:
        return False
    return hmac.compare_digest(mine.hex(), digest)
