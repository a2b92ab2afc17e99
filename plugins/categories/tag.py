"""A tag that the author has described."""

from collections.abc import Mapping
from typing import Any

from pelican.contents import Page
from pelican.urlwrappers import Tag as FlatTag


class Tag(FlatTag):
    """A tag as Pelican has it, and ``about`` it the author's description.

    Those that nobody has described stay Pelican's own, and both are in one list: so that they
    are compared by their slugs, whatever they are. Pelican looks settings up by this class's name.
    """

    def __init__(self, name: str, about: Page, settings: Mapping[str, Any]) -> None:
        super().__init__(name, settings)
        self.about = about

    @property
    def description(self) -> str:
        """The author's description as HTML."""
        return str(self.about.content)

    def __hash__(self) -> int:
        return hash(self.slug)

    def __eq__(self, other: object) -> bool:
        return bool(self.slug == _slug(other)) or super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: object) -> bool:
        slug = _slug(other)
        return bool(super().__lt__(other) if slug is None else self.slug < slug)


def _slug(other: object) -> str | None:
    return other.slug if isinstance(other, FlatTag) else None
