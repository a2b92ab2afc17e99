"""Which dates mean the same on every day."""

import pytest

from incremental.days import is_whole


@pytest.mark.parametrize(
    "text",
    [
        *("2026-01-02", " 2026-01-02 03:04 ", "2026-01-02T03:04:05", "2026-01-02_03:04"),
        *("2026-01-02 03:04:05+02:00", "3 Jan 2026", "Fri, 02 Jan 2026 10:00:00 GMT"),
        *("20260102", "January 2, 2026 5pm", "2024-02-29"),
    ],
)
def test_a_date_with_year_month_and_day_is_whole(text: str) -> None:
    assert is_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-01", "2026", "January 2026", "3 Jan", "Friday", "03:04", "01/02/26", "5pm"),
        *("", "soon", "9" * 400),
    ],
)
def test_one_that_leaves_something_out_is_not(text: str) -> None:
    assert not is_whole(text)
