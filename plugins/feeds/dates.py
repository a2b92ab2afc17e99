"""Dates as feeds spell them: in UTC, in whole seconds, from the year 1 on."""

from datetime import UTC, datetime
from email.utils import format_datetime


def rfc822(moment: datetime) -> str:
    """The date format of RSS 2.0: RFC 822 with a year of four digits, in GMT."""
    return format_datetime(_in_utc(moment), usegmt=True)


def rfc3339(moment: datetime) -> str:
    """The date format of Atom and JSON Feed (RFC 3339)."""
    return _in_utc(moment).isoformat(timespec="seconds").replace("+00:00", "Z")


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first or the last day there is, on the far side of the globe
        return moment.replace(tzinfo=UTC)
