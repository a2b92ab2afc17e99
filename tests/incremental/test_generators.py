"""The same listings as Pelican's, without looking at every post for each of them."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Author, Category, Tag, URLWrapper
from pelican.utils import SafeDatetime
from pelican.writers import FileOverwriteFailedError

from incremental.generators import Listings

SETTINGS: Mapping[str, Any] = DEFAULT_CONFIG | {
    "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}/index.html",
    "MONTH_ARCHIVE_SAVE_AS": "{date:%Y}/{date:%m}/index.html",
    "DAY_ARCHIVE_SAVE_AS": "{date:%Y}/{date:%m}/{date:%d}/index.html",
}


def article(number: int, chance: random.Random) -> Article:
    tags = [Tag(chance.choice("abcde"), SETTINGS) for _ in range(chance.randrange(4))]
    metadata = {
        "title": f"Post {number}",
        "date": SafeDatetime(2020 + chance.randrange(3), 1 + chance.randrange(12), 1),
        "tags": tags,  # perhaps the same one twice
        "category": Category(chance.choice("xyz"), SETTINGS),
        "authors": [Author(chance.choice("AB"), SETTINGS)],
    }
    return Article("Text.", metadata, SETTINGS, f"/content/{number}.md", {})


def generator(kind: type[ArticlesGenerator], articles: list[Article]) -> Any:  # noqa: ANN401  # Pelican's
    """A generator that has read these posts."""
    one = object.__new__(kind)
    one.settings, one.context = SETTINGS, {}
    one.articles = articles
    one.dates = sorted(articles, key=lambda each: each.date, reverse=True)
    lists: dict[str, dict[URLWrapper, list[Article]]] = {"tag": {}, "category": {}, "author": {}}
    for each in articles:
        for name, subjects in {
            "tag": each.tags,
            "category": [each.category],
            "author": each.authors,
        }.items():
            for subject in subjects:
                lists[name].setdefault(subject, []).append(each)
    one.tags = lists["tag"]
    one.categories = sorted(lists["category"].items())
    one.authors = sorted(lists["author"].items())
    one.get_template = lambda name: name
    return one


def written(one: Any) -> list[tuple[object, ...]]:  # noqa: ANN401  # Pelican's
    """Everything that is to be written, in order."""
    calls: list[tuple[object, ...]] = []

    def write(*arguments: object, **named: object) -> None:
        calls.append((arguments, named))

    for work in (one.generate_tags, one.generate_categories, one.generate_authors):
        work(write)
    calls.append(one._build_period_archives(one.dates, one.articles, SETTINGS))
    return calls


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_what_pelican_would_write(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # a seed for a test
    articles = [article(number, chance) for number in range(60)]
    assert written(generator(Listings, articles)) == written(generator(ArticlesGenerator, articles))


def test_no_post_is_compared_with_another(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def equals(one: Article, other: object) -> bool:
        compared.append(one)
        return one is other

    monkeypatch.setattr(Article, "__eq__", equals)
    monkeypatch.setattr(Article, "__hash__", lambda one: id(one), raising=False)  # noqa: PLW0108
    articles = [article(number, random.Random(1)) for number in range(40)]  # noqa: S311  # for a test
    written(generator(Listings, articles))
    assert compared == []
    written(generator(ArticlesGenerator, articles))
    assert len(compared) > 40 * 40


def test_a_subject_without_an_address_is_left_out_and_others_fail(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise FileOverwriteFailedError

    one = generator(Listings, [])
    one.tags = {Tag("!!", SETTINGS): []}
    one.generate_tags(refuse)
    assert "The tag “!!” has no letters for an address" in caplog.text
    one.tags = {Tag("real", SETTINGS): []}
    with pytest.raises(FileOverwriteFailedError):
        one.generate_tags(refuse)
