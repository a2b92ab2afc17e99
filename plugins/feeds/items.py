"""The items of a feed that need not be made before somebody looks at them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

from feeds.model import Item

T = TypeVar("T")


class Items(Sequence[Item], Generic[T]):
    """Items that are made from something else when they are looked at, and each time anew.

    ``inputs`` tells some of the ``sources`` from others: bytes that differ where the items
    would. Without it nobody knows whether they are the same as before.
    """

    def __init__(
        self,
        sources: Sequence[T],
        make: Callable[[T], Item],
        inputs: Callable[[Sequence[T]], bytes] | None = None,
    ) -> None:
        self._sources = sources
        self._make = make
        self._inputs = inputs

    def __len__(self) -> int:
        return len(self._sources)

    def __iter__(self) -> Iterator[Item]:
        return map(self._make, self._sources)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> "Items[T]": ...
    def __getitem__(self, index: int | slice) -> "Item | Items[T]":
        if isinstance(index, int):
            return self._make(self._sources[index])
        return Items(self._sources[index], self._make, self._inputs)

    @property
    def inputs(self) -> bytes:
        """What the items are made from, told from anything else; empty where that is unknown."""
        return self._inputs(self._sources) if self._inputs else b""
