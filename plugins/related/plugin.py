"""Pelican's host: hangs on every post what to read next."""

from collections.abc import Iterator, Mapping
from itertools import chain, pairwise
from typing import Final

from pelican import signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator, Generator

from related.score import related

# Authors choose tags for a post, and put a post into a category.
_TAG_FACTOR: Final = 2.0
_CATEGORY_FACTOR: Final = 1.0


def connect() -> None:
    """Connect the receiver; Pelican's signals hold it weakly."""
    signals.all_generators_finalized.connect(_attach)


def _attach(generators: list[Generator]) -> None:
    """Set ``related_posts`` (closest first), ``prev_article`` (older), ``next_article``.

    Translations, hidden posts and drafts have the same names, and nothing in them.
    """
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            for article in _all(generator):
                article.related_posts = []
                article.prev_article = article.next_article = None
            articles = sorted(generator.articles, key=lambda a: (a.date, a.slug), reverse=True)
            _relate(articles, generator.settings.get("RELATED_POSTS", 3))
            _chain(articles)


def _relate(articles: list[Article], limit: int) -> None:
    found = related([_subjects(article) for article in articles], limit)
    for article, positions in zip(articles, found, strict=True):
        article.related_posts = [articles[position] for position in positions]


def _chain(articles: list[Article]) -> None:
    for newer, older in pairwise(articles):
        newer.prev_article, older.next_article = older, newer


def _all(generator: ArticlesGenerator) -> Iterator[Article]:
    return chain(
        generator.articles,
        generator.translations,
        generator.hidden_articles,
        generator.hidden_translations,
        generator.drafts,
        generator.drafts_translations,
    )


def _subjects(article: Article) -> Mapping[str, float]:
    # Pelican gives posts no category where it writes no pages of them.
    category = getattr(article, "category", None)
    categories = getattr(article, "categories", [category] if category else [])
    tags = {f"tag:{tag.slug}": _TAG_FACTOR for tag in getattr(article, "tags", [])}
    return tags | {f"category:{category.slug}": _CATEGORY_FACTOR for category in categories}
