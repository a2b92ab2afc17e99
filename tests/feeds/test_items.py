"""Items that are made when they are looked at."""

from feeds.items import Items
from feeds.model import Item
from tests.feeds.strategies import plain_item


def test_nothing_is_made_before_somebody_looks() -> None:
    made: list[int] = []

    def make(number: int) -> Item:
        made.append(number)
        return plain_item(number)

    items = Items([3, 2, 1], make)
    assert (len(items), made) == (3, [])
    assert items[1] == plain_item(2)
    assert list(items[1:]) == [plain_item(2), plain_item(1)]
    assert made == [2, 2, 1]


def test_a_part_of_them_is_told_from_others_by_what_it_is_made_from() -> None:
    items = Items([3, 2, 1], plain_item, lambda numbers: repr(numbers).encode())
    assert (items.inputs, items[:2].inputs) == (b"[3, 2, 1]", b"[3, 2]")
    assert Items([3, 2, 1], plain_item).inputs == b""
