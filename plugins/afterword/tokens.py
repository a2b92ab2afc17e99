"""Signed links: nobody but us can make one, and each is good for one purpose only.

Base64 has several spellings of the same bytes, so a token counts only as we would write it
ourselves: no altered one is ever accepted.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

from afterword.errors import BadToken


class Purpose(StrEnum):
    """What a token is good for."""

    FORM = "form"
    STATUS = "status"
    ACT = "act"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says: its parts, and when it was made."""

    parts: tuple[str, ...]
    made: datetime


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads tokens. ``keys`` are secrets, the newest last; old ones are still read."""

    keys: tuple[str, ...]

    def sign(self, purpose: Purpose, parts: Sequence[str], now: datetime) -> str:
        """Return a token that fits into a URL."""
        payload = [int(now.timestamp()), *parts]
        return str(_serializer(self.keys[-1], purpose).dumps(payload))

    def read(
        self, purpose: Purpose, token: str, now: datetime, max_age: timedelta | None = None
    ) -> Token:
        """Return what a token says. Raises BadToken for any that we have not made like this."""
        for key in reversed(self.keys):
            serializer = _serializer(key, purpose)
            try:
                payload = serializer.loads(token)
            except (BadData, ValueError):
                continue
            if hmac.compare_digest(str(serializer.dumps(payload)).encode(), token.encode()):
                made = datetime.fromtimestamp(payload[0], UTC)
                if max_age is not None and not timedelta() <= now - made <= max_age:
                    raise BadToken("this link is too old")
                return Token(tuple(payload[1:]), made)
        raise BadToken("this link is not one of ours, or not whole")

    def seal(self, purpose: str, text: str) -> str:
        """Return a keyed hash of a text: of no use to anybody without the key."""
        key = f"{purpose}:{self.keys[-1]}".encode()
        return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _serializer(key: str, purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(
        key, salt=f"afterword.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )
