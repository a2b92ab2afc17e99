"""A category that may stand below another one."""

from collections.abc import Mapping
from typing import Any

from pelican.contents import Article, Page
from pelican.urlwrappers import Category as FlatCategory
from pelican.utils import slugify


def slug_of(segment: str, settings: Mapping[str, Any]) -> str:
    """Return one segment's slug, made by the settings that make a category's."""
    slug: str = slugify(
        segment,
        regex_subs=settings.get(
            "CATEGORY_REGEX_SUBSTITUTIONS", settings.get("SLUG_REGEX_SUBSTITUTIONS", [])
        ),
        preserve_case=settings.get("SLUGIFY_PRESERVE_CASE", False),
        use_unicode=settings.get("SLUGIFY_USE_UNICODE", False),
    )
    return slug


class Category(FlatCategory):
    """One category. Pelican looks its settings up by this class's name.

    ``name`` is its own, ``full_name`` begins with those above it, which are its ``ancestors``,
    the topmost first. ``articles`` are its own and all those below it, each once, in the blog's
    order. ``about`` is the author's description.
    """

    def __init__(
        self, name: str, slug: str, parent: "Category | None", settings: Mapping[str, Any]
    ) -> None:
        super().__init__(name, settings)
        self.slug: str = f"{parent.slug}/{slug}" if parent else slug
        self.parent = parent
        self.ancestors: list[Category] = [*parent.ancestors, parent] if parent else []
        self.children: list[Category] = []
        self.articles: list[Article] = []
        self.about: Page | None = None

    @property
    def depth(self) -> int:
        """How many stand above it."""
        return len(self.ancestors)

    @property
    def full_name(self) -> str:
        """Its name with those above it: ``Business/Networking``."""
        return "/".join(str(category) for category in [*self.ancestors, self])

    @property
    def count(self) -> int:
        """How many posts its page lists."""
        return len(self.articles)

    @property
    def description(self) -> str:
        """The author's description as HTML, or nothing."""
        return str(self.about.content) if self.about else ""
