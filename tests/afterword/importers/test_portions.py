"""Long rows, a few at a time, and what comes next in the meantime."""

import threading
from collections.abc import Iterator

import pytest

from afterword.importers.portions import ahead, portions


def test_nothing_is_lost_between_portions() -> None:
    assert list(portions(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(portions(range(4), 2)) == [[0, 1], [2, 3]]
    assert list(portions((), 2)) == []
    assert list(portions([1, 9, 1, 1], 3, lambda each: each, 5)) == [[1, 9], [1, 1]]


def test_the_next_is_fetched_while_one_is_used() -> None:
    fetched = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        fetched.set()
        yield 2

    for item in ahead(items()):
        assert fetched.wait(30)
        assert item in {1, 2}
    assert list(ahead(iter(range(100)))) == list(range(100))


def test_what_goes_wrong_in_fetching_is_raised_where_it_is_used() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(ahead(items()))
