"""Translations are found as Pelican finds them."""

import logging
import random
from typing import Any

import pytest
from pelican import generators
from pelican.log import LimitFilter
from pelican.utils import process_translations

from incremental.translations import divide, found_by_name


class Post:
    """As much of a post as matters."""

    def __init__(self, number: int, slug: str, lang: str, **metadata: str) -> None:
        self.source_path = f"{number}.md"
        self.slug, self.lang, self.metadata = slug, lang, metadata
        self.in_default_lang = lang == "en"
        self.translations: list[Post] = []


def posts(seed: int, size: int = 60) -> list[Any]:
    chance = random.Random(seed)  # noqa: S311  # a seed for a test
    kinds: tuple[dict[str, str], ...] = (
        *({}, {}),
        *({"translation": "true"}, {"translation": "False"}),
    )
    found = []
    for number in range(size):
        slug, lang = f"s{chance.randrange(size // 2)}", chance.choice(["en", "de", "fr"])
        found.append(Post(number, slug, lang, **chance.choice(kinds)))
    return found


def told(divided: tuple[list[Post], list[Post]]) -> list[list[tuple[str, list[str]]]]:
    return [
        [(p.source_path, [t.source_path for t in p.translations]) for p in part] for part in divided
    ]


@pytest.fixture(autouse=True)
def _everything_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pelican's log says the same warning twice."""
    monkeypatch.setattr(LimitFilter, "LOGS_DEDUP_MIN_LEVEL", logging.DEBUG)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["slug", {"slug"}, ["slug", "lang"], None])
def test_they_are_pelicans(seed: int, name: Any, caplog: pytest.LogCaptureFixture) -> None:  # noqa: ANN401  # whatever Pelican takes
    usual = told(process_translations(posts(seed), name))
    said = caplog.messages[:]
    caplog.clear()
    assert told(divide(process_translations, posts(seed), name)) == usual
    assert caplog.messages == said


def test_no_post_is_compared_with_those_of_other_names(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def equals(one: Post, other: object) -> bool:
        compared.append(one)
        return one is other

    monkeypatch.setattr(Post, "__eq__", equals)
    lonely = [Post(n, f"s{n}", "en") for n in range(40)]
    divide(process_translations, lonely, "slug")
    assert compared == []
    process_translations(lonely, "slug")
    assert len(compared) > 40 * 40 / 3


@pytest.mark.parametrize("name", ["missing", 7])
def test_what_makes_no_sense_fails_as_ever(name: Any) -> None:  # noqa: ANN401  # nonsense
    with pytest.raises((AttributeError, TypeError)) as usual:
        process_translations(posts(1), name)
    with pytest.raises(type(usual.value), match=str(usual.value)[:20]):
        divide(process_translations, posts(1), name)


def test_pelican_has_its_own_back_afterwards() -> None:
    with found_by_name():
        assert generators.process_translations is not process_translations
    assert generators.process_translations is process_translations
