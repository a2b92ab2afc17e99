"""What the clock of a site has shown, from pairs of its own time and UTC."""

from datetime import datetime, timedelta, timezone
from typing import Final

from afterword.importers import fields

_QUARTER: Final = timedelta(minutes=15)
_MOST: Final = timedelta(hours=15)


def ahead(local: str, gmt: datetime | None) -> timedelta | None:
    """By how much the clock was ahead of UTC, in quarters of an hour; None if nobody can tell."""
    here = fields.moment(local)
    if here is None or gmt is None:
        return None
    found = round((here - gmt) / _QUARTER) * _QUARTER
    return found if abs(found) <= _MOST else None


def shown(local: str, gmt: str, usual: timedelta) -> str:
    """Return a date as the clock showed it, with what it was ahead of UTC; empty for none.

    Where only one of the times is known, the clock was ahead as ``usual``.
    """
    there = fields.moment(gmt)
    here = fields.moment(local)
    found = ahead(local, there)
    zone = timezone(usual if found is None else found)
    try:
        date = there.astimezone(zone) if there else here
    except OverflowError:  # on the first day of all, or the last
        date = there
    return date.replace(tzinfo=zone).isoformat(sep=" ") if date else ""
