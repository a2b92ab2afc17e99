"""Dates that leave something out, which Pelican then takes from today's."""

import re
from datetime import datetime
from typing import Final

from dateutil import parser

# By far the most dates are written so.
_COMPLETE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?", re.ASCII)
# Nothing is the same in these but the time of day, which nobody is given by the clock.
_DAYS: Final = (datetime(2001, 1, 1), datetime(2002, 2, 2))  # noqa: DTZ001  # as Pelican has them


def is_whole(text: str) -> bool:
    """Whether a date means the same on whatever day it is read."""
    if _COMPLETE.fullmatch(text.strip()):
        return True
    try:
        one, other = (parser.parse(text.replace("_", " "), default=day) for day in _DAYS)
    except (ValueError, TypeError, OverflowError):
        return False
    # Of a year in two digits the century depends on today's.
    return bool(one == other) and f"{one.year:04}" in text
