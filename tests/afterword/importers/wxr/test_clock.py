"""What the clock of a site has shown."""

from datetime import timedelta

import pytest

from afterword.importers import fields
from afterword.importers.wxr.clock import ahead, shown

HOUR = timedelta(hours=1)
ZERO = "0000-00-00 00:00:00"


@pytest.mark.parametrize(
    ("local", "gmt", "found"),
    [
        ("2012-03-14 10:00:00", "2012-03-14 09:00:00", HOUR),
        ("2012-03-14 10:00:07", "2012-03-14 09:00:00", HOUR),
        ("2012-03-14 04:15:00", "2012-03-14 09:00:00", -timedelta(hours=4, minutes=45)),
        ("2012-03-24 10:00:00", "2012-03-14 09:00:00", None),
        (ZERO, "2012-03-14 09:00:00", None),
        ("2012-03-14 10:00:00", ZERO, None),
    ],
)
def test_how_far_it_was_ahead(local: str, gmt: str, found: timedelta | None) -> None:
    assert ahead(local, fields.moment(gmt)) == found


@pytest.mark.parametrize(
    ("local", "gmt", "date"),
    [
        ("2012-03-14 10:00:00", "2012-03-14 09:00:00", "2012-03-14 10:00:00+01:00"),
        ("2012-03-14 10:00:00", ZERO, "2012-03-14 10:00:00-01:00"),
        (ZERO, "2012-03-14 09:00:00", "2012-03-14 08:00:00-01:00"),
        ("2012-03-24 10:00:00", "2012-03-14 09:00:00", "2012-03-14 08:00:00-01:00"),
        ("9999-12-31 23:59:00", "9999-12-31 23:59:00", "9999-12-31 23:59:00+00:00"),
        (ZERO, "0001-01-01 00:30:00", "0001-01-01 00:30:00-01:00"),
        (ZERO, ZERO, ""),
        ("", "nonsense", ""),
    ],
)
def test_dates_are_as_it_showed_them(local: str, gmt: str, date: str) -> None:
    assert shown(local, gmt, -HOUR) == date
