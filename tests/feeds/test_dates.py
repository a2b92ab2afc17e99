"""Dates in feeds."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from feeds.dates import rfc822, rfc3339
from tests.feeds.strategies import DATES

PLUS_14 = timezone(timedelta(hours=14))
MINUS_12 = timezone(timedelta(hours=-12))


@pytest.mark.parametrize(
    ("moment", "in_rss", "in_atom"),
    [
        (
            datetime(2012, 3, 14, 9, 26, 53, 589793, UTC),
            "Wed, 14 Mar 2012 09:26:53 GMT",
            "2012-03-14T09:26:53Z",
        ),
        (
            datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")),
            "Tue, 30 Jun 2026 22:00:00 GMT",
            "2026-06-30T22:00:00Z",
        ),
        (
            datetime(1850, 1, 1, tzinfo=ZoneInfo("Asia/Kolkata")),  # 5 h 53 min 28 s east
            "Mon, 31 Dec 1849 18:06:32 GMT",
            "1849-12-31T18:06:32Z",
        ),
        (datetime(476, 9, 4, tzinfo=UTC), "Fri, 04 Sep 0476 00:00:00 GMT", "0476-09-04T00:00:00Z"),
        (
            datetime(1, 1, 1, tzinfo=PLUS_14),
            "Mon, 01 Jan 0001 00:00:00 GMT",
            "0001-01-01T00:00:00Z",
        ),
        (
            datetime(9999, 12, 31, 23, tzinfo=MINUS_12),
            "Fri, 31 Dec 9999 23:00:00 GMT",
            "9999-12-31T23:00:00Z",
        ),
    ],
)
def test_dates_are_in_utc_with_four_digits_of_year(
    moment: datetime, in_rss: str, in_atom: str
) -> None:
    assert (rfc822(moment), rfc3339(moment)) == (in_rss, in_atom)


@given(DATES)
def test_any_date_comes_back_to_the_second(moment: datetime) -> None:
    second = moment.replace(microsecond=0).timestamp()
    if 1000 < moment.year < 9999:  # where parsers and time zones agree on what it was
        assert parsedate_to_datetime(rfc822(moment)).timestamp() == second
        assert datetime.fromisoformat(rfc3339(moment)).timestamp() == second
