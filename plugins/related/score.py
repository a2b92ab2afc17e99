"""Which posts are about the same things as a post.

A subject counts for the more the fewer posts have it: its weight is the natural logarithm of
all posts over those that share it, the inverse document frequency of Spärck Jones (1972).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

# Of a subject with more posts than this only so many neighbours in the given order are looked
# at: everything about a subject that common is nearly as good, and looking at all of them for
# all of them would cost the square of their number.
WINDOW: Final = 50


def related(subjects: Sequence[Mapping[str, float]], limit: int) -> Iterator[list[int]]:
    """Yield for each post, by its position, those related to it, the closest first.

    ``subjects`` holds the factor of every subject of each post, the posts in the order in which
    equally close ones should be preferred.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for position, names in enumerate(subjects):
        for name in names:
            holders[name].append(position)
    places = {name: {p: n for n, p in enumerate(posts)} for name, posts in holders.items()}
    for position, names in enumerate(subjects):
        scores: dict[int, float] = defaultdict(float)
        for name, factor in sorted(names.items()):
            weight = factor * math.log(len(subjects) / len(holders[name]) + 1)
            for other in _window(holders[name], places[name][position]):
                scores[other] += weight
        yield _best(scores.items(), limit)


def _window(posts: Sequence[int], place: int) -> Iterator[int]:
    """The posts around one of a list of them, without itself."""
    start = max(0, min(place - WINDOW // 2, len(posts) - WINDOW - 1))
    return (post for post in posts[start : start + WINDOW + 1] if post != posts[place])


def _best(scores: Iterable[tuple[int, float]], limit: int) -> list[int]:
    ranked = sorted(scores, key=lambda item: (-round(item[1], 9), item[0]))
    return [position for position, _ in ranked[:limit]]
