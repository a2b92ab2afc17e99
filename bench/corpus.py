"""A blog of any size, the same for the same seed: what every tool of the benchmark builds.

    python -m bench.corpus --posts 10000 --out DIR
    cd DIR && pelican -s pelicanconf.py

DIR is then laid out as this checkout is, with links to its theme and its plugins, and what is
built there with them is this project at that size. `stock.py` has the same settings without the
plugin `incremental`. `--layout hugo-pages` and `--layout hugo-data` write the same blog for Hugo.
"""

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from bench import layouts
from bench.model import Post, Response
from bench.prose import WORDS, Prose

CATEGORIES: Final = tuple(word.capitalize() for word in WORDS[300:312])
TAGS: Final = WORDS[400:600]
LARGEST_THREAD: Final = 300

# Says that a folder is ours to replace.
_MARK: Final = ".made-by-bench"
_NAMES: Final = tuple(
    f"{WORDS[500 + n].capitalize()} {WORDS[1499 - n].capitalize()}" for n in range(400)
)
_FIRST_DAY: Final = datetime(2015, 1, 1, 8, tzinfo=UTC)
_YEARS: Final = timedelta(days=3650)
# When all that there is has long been written: a reader who answers now does so after it.
LATER: Final = _FIRST_DAY + _YEARS + timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Corpus:
    """So many posts over ten years, with about five responses to each."""

    size: int
    seed: int = 1

    def posts(self) -> Iterator[Post]:
        """All of them, oldest first."""
        return map(self.post, range(self.size))

    def post(self, number: int) -> Post:
        """Return one of them, which needs none of the others."""
        random = Random(f"{self.seed}/{number}")  # noqa: S311  # no secret is made of it
        prose = Prose(random)
        title = prose.title()
        date = _FIRST_DAY + _YEARS * (number / self.size)
        return Post(
            slug="-".join([*title.lower().split()[:3], str(number)]),
            title=title,
            date=date.replace(second=0, microsecond=0),
            category=random.choice(CATEGORIES),
            tags=tuple(random.sample(TAGS, 3)),
            body=prose.post(),
            responses=tuple(_thread(random, number, date, self._answers(random, number))),
        )

    def ordinary(self) -> Post:
        """Return a post in the middle with as many responses as most have: the one to change."""
        middle = (self.post(number) for number in range(self.size // 2, self.size))
        return next(post for post in middle if 3 <= len(post.responses) <= 7)

    def _answers(self, random: Random, number: int) -> int:
        """How many responses: two as a rule, five on average, in one thread 300."""
        drawn = round(random.lognormvariate(0.9, 1.25) - 0.7)
        if number == self.size // 3:
            return LARGEST_THREAD
        return min(LARGEST_THREAD - 1, max(0, drawn))


def _thread(random: Random, number: int, date: datetime, size: int) -> Iterator[Response]:
    prose, ids = Prose(random), [str(number * 1000 + n) for n in range(size)]
    for place, each in enumerate(ids):
        date += timedelta(seconds=random.randint(60, 40_000))
        before = ids[max(0, place - 12) : place]
        author = random.choice(_NAMES)
        yield Response(
            id=each,
            author=author,
            date=date.replace(microsecond=0),
            website=f"https://example.org/{author.split()[0].lower()}" if place % 3 else None,
            replyto=random.choice(before) if before and random.random() < 0.6 else None,
            body=prose.response(),
        )


def write(corpus: Corpus, folder: Path, layout: layouts.Layout) -> int:
    """Write the site into a folder and return the number of files.

    What an earlier call has written there is replaced. Raises OSError if the folder holds
    anything else.
    """
    if (folder / _MARK).exists():
        shutil.rmtree(folder)
    elif folder.exists():
        folder.rmdir()
    number = 0
    layout.furnish(folder)
    (folder / _MARK).touch()
    for post in corpus.posts():
        for name, text in layout.files(post):
            layouts.put(folder / name, text)
            number += 1
    return number


def main() -> None:
    """Write a site."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.corpus",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--posts", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="another one gives another blog")
    parser.add_argument(
        "--out", type=Path, required=True, help="the folder; a site of an earlier call is replaced"
    )
    parser.add_argument("--layout", choices=sorted(layouts.LAYOUTS), default="pelican")
    wanted = parser.parse_args()
    corpus = Corpus(wanted.posts, wanted.seed)
    number = write(corpus, wanted.out, layouts.LAYOUTS[wanted.layout])
    print(f"{number} files in {wanted.out}")  # noqa: T201  # what the command is for


if __name__ == "__main__":
    main()
