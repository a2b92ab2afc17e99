"""Pelican's host: reads the categories of every post and rebuilds Pelican's list of them.

What the author says of categories and tags comes along.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.urlwrappers import Tag as FlatTag

from categories import descriptions, line
from categories.category import Category, slug_of
from categories.tag import Tag

log: Final = logging.getLogger(__name__)

_NESTING: Final = (
    (r"[^\w\s/-]", ""),
    (r"\s*/+\s*", "/"),
    (r"(?u)\A[\s/]+", ""),
    (r"(?u)[\s/]+\Z", ""),
    (r"[-\s]+", "-"),
)


def connect() -> None:
    """Connect the receivers, all of them module-level: Pelican's signals hold them weakly."""
    signals.initialized.connect(_configure)
    # Not earlier: until then Pelican may pickle the articles into its cache.
    signals.article_generator_finalized.connect(_assign)


def _configure(pelican: Pelican) -> None:
    """Keep the descriptions from being posts, and let ``{category}A/B`` in a text be a link."""
    settings = pelican.settings
    settings.setdefault("CATEGORIES_PATH", "categories")
    settings.setdefault("TAGS_PATH", "tags")
    for name in ("ARTICLE_EXCLUDES", "PAGE_EXCLUDES"):
        paths = (settings["CATEGORIES_PATH"], settings["TAGS_PATH"])
        settings[name] = [*settings[name], *paths]
    settings.setdefault("CATEGORY_REGEX_SUBSTITUTIONS", list(_NESTING))


def _assign(generator: ArticlesGenerator) -> None:
    """Give every post its categories, and the blog the list of those that have posts."""
    tree = Tree(generator.settings)
    # By file, because the first to name a category gives it its spelling.
    for article in sorted(_articles(generator), key=lambda each: each.source_path):
        named = tree.named_by(article)
        article.categories = list(named.categories)
        if named.categories:
            article.category = named.categories[0]
        for name in named.without_address:
            log.warning("%s: category %r makes no address; left out", article, name)
    for article in generator.articles:
        for category in tree.named_by(article).lineage:
            category.articles.append(article)
    _describe(generator, tree)
    generator.categories = [(c, c.articles) for c in sorted(tree) if c.articles]
    if generator.settings["REVERSE_CATEGORY_ORDER"]:
        generator.categories.reverse()
    generator.context["categories"] = generator.categories
    _describe_tags(generator)


@dataclass(frozen=True, slots=True)
class Named:
    """What a post's `Category:` line names.

    ``lineage`` are the categories with those above them, each once. ``without_address`` are
    the names that are no categories, for nothing of them can stand in an address.
    """

    categories: tuple[Category, ...]
    lineage: tuple[Category, ...]
    without_address: tuple[str, ...]


class Tree:
    """The categories of one build, by their slugs."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._by_slug: dict[str, Category] = {}
        self._by_line: dict[str, Named] = {}

    def __iter__(self) -> Iterator[Category]:
        return iter(self._by_slug.values())

    def get(self, slug: str) -> Category | None:
        """The category of that slug, if a post is in it or below it."""
        return self._by_slug.get(slug)

    def slug(self, text: str) -> str:
        """The slug of the first category that a line names, whether a post is in it or not."""
        path = next(iter(line.parse(text)), ())
        return "/".join(slug_of(name, self._settings) for name in path)

    def named_by(self, article: Article) -> Named:
        """Return what a post's metadata names, making the categories that are new."""
        text = str(article.metadata.get("category") or "")
        # Most posts share their line with others.
        if text not in self._by_line:
            self._by_line[text] = self._named(text)
        return self._by_line[text]

    def _named(self, text: str) -> Named:
        without_address: list[str] = []
        found = (self._at(path, without_address) for path in line.parse(text))
        # A dict keeps the order and drops the repeated ones.
        categories = dict.fromkeys(category for category in found if category)
        lineages = (chain(category.ancestors, [category]) for category in categories)
        lineage = dict.fromkeys(chain.from_iterable(lineages))
        return Named(tuple(categories), tuple(lineage), tuple(without_address))

    def _at(self, path: line.Path, without_address: list[str]) -> Category | None:
        category: Category | None = None
        for name in path:
            slug = slug_of(name, self._settings)
            if not slug:
                without_address.append(name)
                return category
            category = self._below(category, name, slug)
        return category

    def _below(self, parent: Category | None, name: str, slug: str) -> Category:
        made = Category(name, slug, parent, self._settings)
        category = self._by_slug.setdefault(made.slug, made)
        if category is made and parent:
            parent.children.append(made)
            parent.children.sort()
        return category


def _articles(generator: ArticlesGenerator) -> Iterator[Article]:
    return chain(
        generator.articles,
        generator.translations,
        generator.hidden_articles,
        generator.hidden_translations,
        generator.drafts,
        generator.drafts_translations,
    )


def _describe(generator: ArticlesGenerator, tree: Tree) -> None:
    """Give the categories their descriptions."""
    root = generator.settings["CATEGORIES_PATH"]
    for slug, about in descriptions.read(generator, root, tree.slug).items():
        category = tree.get(slug)
        if category is None:
            log.warning("%s: no post is in category %s", about.relative_source_path, slug)
            continue
        generator.add_static_links(about)
        category.about = about
        category.name = about.metadata.get("title", category.name)


def _describe_tags(generator: ArticlesGenerator) -> None:
    """Put tags with descriptions into the blog's list, in the places of those without."""
    settings = generator.settings
    found = dict(
        descriptions.read(
            generator, settings["TAGS_PATH"], lambda name: str(FlatTag(name, settings).slug)
        )
    )
    if not found:
        return
    tags: dict[FlatTag, list[Article]] = {}
    for tag, articles in generator.tags.items():
        about = found.pop(tag.slug, None)
        if about:
            generator.add_static_links(about)
            tag = Tag(tag.name, about, settings)  # noqa: PLW2901  # it stands for the other
        tags[tag] = articles
    generator.tags = tags
    generator.context["tags"] = list(tags.items())
    for slug, about in found.items():
        log.warning("%s: no post has the tag %s", about.relative_source_path, slug)
