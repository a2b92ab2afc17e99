"""Long rows of things, taken a few at a time, and fetched while those before are still in work."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

T = TypeVar("T")


def portions(
    items: Iterable[T], size: int, weigh: Callable[[T], int] = lambda _: 0, most: int = 1
) -> Iterator[Sequence[T]]:
    """Yield all items in their order, so many together, or fewer once they weigh ``most``."""
    portion: list[T] = []
    weight = 0
    for item in items:
        portion.append(item)
        weight += weigh(item)
        if len(portion) == size or weight >= most:
            yield portion
            portion, weight = [], 0
    if portion:
        yield portion


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield all items, each of which is fetched, in another thread, while the last is used."""
    end = object()

    def following() -> T | object:
        return next(items, end)

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(following)
        while (item := coming.result()) is not end:
            coming = pool.submit(following)
            yield cast("T", item)
