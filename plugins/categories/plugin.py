"""Pelican's host: reads the categories of every post and rebuilds Pelican's list of them."""

import logging
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import PurePosixPath
from typing import Any, Final

from pelican import Pelican, signals
from pelican.contents import Article, Page
from pelican.generators import ArticlesGenerator, Generator

from categories import line
from categories.category import Category, slug_of

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
    for name in ("ARTICLE_EXCLUDES", "PAGE_EXCLUDES"):
        settings[name] = [*settings[name], settings["CATEGORIES_PATH"]]
    settings.setdefault("CATEGORY_REGEX_SUBSTITUTIONS", list(_NESTING))


def _assign(generator: ArticlesGenerator) -> None:
    """Give every post its categories, and the blog the list of those that have posts."""
    tree = Tree(generator.settings)
    # By file, because the first to name a category gives it its spelling.
    for article in sorted(_articles(generator), key=lambda each: each.source_path):
        article.categories = tree.categories_of(article)
        if article.categories:
            article.category = article.categories[0]
    for article in generator.articles:
        for category in _with_ancestors(article.categories):
            category.articles.append(article)
    _describe(generator, tree)
    generator.categories = [(c, c.articles) for c in sorted(tree) if c.articles]
    if generator.settings["REVERSE_CATEGORY_ORDER"]:
        generator.categories.reverse()
    generator.context["categories"] = generator.categories


class Tree:
    """The categories of one build, by their slugs."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._by_slug: dict[str, Category] = {}

    def __iter__(self) -> Iterator[Category]:
        return iter(self._by_slug.values())

    def get(self, slug: str) -> Category | None:
        """The category of that slug, if a post is in it or below it."""
        return self._by_slug.get(slug)

    def categories_of(self, article: Article) -> list[Category]:
        """Return the categories that a post's metadata names, making those that are new."""
        named = article.metadata.get("category")
        found = (self._at(path, article) for path in line.parse(str(named or "")))
        # A dict keeps the order and drops the repeated ones.
        return list(dict.fromkeys(category for category in found if category))

    def _at(self, path: line.Path, article: Article) -> Category | None:
        category: Category | None = None
        for name in path:
            slug = slug_of(name, self._settings)
            if not slug:
                log.warning("%s: category %r makes no address; left out", article, name)
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


def _with_ancestors(categories: list[Category]) -> dict[Category, None]:
    lineages = (chain(category.ancestors, [category]) for category in categories)
    return dict.fromkeys(chain.from_iterable(lineages))


def _articles(generator: ArticlesGenerator) -> Iterator[Article]:
    return chain(
        generator.articles,
        generator.translations,
        generator.hidden_articles,
        generator.hidden_translations,
        generator.drafts,
        generator.drafts_translations,
    )


def _describe(generator: Generator, tree: Tree) -> None:
    """Read the descriptions: files that lie as the slugs of their categories do."""
    root = generator.settings["CATEGORIES_PATH"]
    for name in sorted(generator.get_files([root])):
        slug = PurePosixPath(name).relative_to(root).with_suffix("").as_posix()
        category = tree.get(slug)
        if category is None:
            log.warning("%s: no post is in category %s", name, slug)
            continue
        about = generator.readers.read_file(
            base_path=generator.path, path=name, content_class=Page, context=generator.context
        )
        generator.add_static_links(about)
        category.about = about
        category.name = about.metadata.get("title", category.name)
