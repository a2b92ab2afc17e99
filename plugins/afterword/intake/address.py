"""Network addresses, made useless to anybody who reads the database later.

An address is hashed with a salt of the day, which is thrown away two days later: until then one
sender's responses can be told from another's, and after that nothing leads back to anybody.
"""

import hashlib
import hmac
import ipaddress
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from afterword.store import Store

_KEPT: Final = timedelta(days=2)


class Salted:
    """Hashes addresses with the day's salt, which all processes share through the store."""

    def __init__(self, store: Store, new_salt: Callable[[], str]) -> None:
        self._store = store
        self._new_salt = new_salt
        self._lock = threading.Lock()
        self._today = ("", "")

    def hash(self, address: str, now: datetime) -> str:
        """Return the hash of an address, or nothing for what is none."""
        network = _network(address)
        if not network:
            return ""
        salt = self._salt(now)
        return hmac.new(salt.encode(), network.encode(), hashlib.sha256).hexdigest()[:32]

    def _salt(self, now: datetime) -> str:
        day = now.date().isoformat()
        with self._lock:
            if self._today[0] != day:
                salt = self._store.keep_first(f"salt:{day}", self._new_salt(), now + _KEPT)
                self._today = (day, salt)
            return self._today[1]


def _network(address: str) -> str:
    """An IPv4 address, or the /64 that one household has of IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
