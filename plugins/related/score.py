"""Which posts are about the same things as a post.

A subject counts for the more the fewer posts have it: its weight is the natural logarithm of
all posts over those that share it, the inverse document frequency of Spärck Jones (1972).
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
    rarity = {name: math.log(len(subjects) / len(posts) + 1) for name, posts in holders.items()}
    passed = dict.fromkeys(holders, 0)
    for position, names in enumerate(subjects):
        groups = []
        for name, factor in sorted(names.items()):
            groups.append((factor * rarity[name], _window(holders[name], passed[name])))
            passed[name] += 1
        yield _best(position, groups, limit)


def _window(posts: Sequence[int], place: int) -> Sequence[int]:
    """The posts around one of a list of them, and itself."""
    start = max(0, min(place - WINDOW // 2, len(posts) - WINDOW - 1))
    return posts[start : start + WINDOW + 1]


def _best(position: int, groups: Sequence[tuple[float, Sequence[int]]], limit: int) -> list[int]:
    """The closest of those that share a subject with a post, given as the group of each subject.

    Of those in one group alone, which are all as close, only the first ones matter.
    """
    met: set[int] = set()
    shared: set[int] = set()
    for _, posts in groups:
        shared.update(met.intersection(posts))
        met.update(posts)
    scores = dict.fromkeys(shared, 0.0)
    ranked: list[tuple[float, int]] = []
    for weight, posts in groups:
        for other in shared.intersection(posts):
            scores[other] += weight
        rank = -round(weight, 9)
        first = posts[: limit + 1 + len(shared)]
        ranked += [(rank, other) for other in first if other not in shared]
    ranked += [(-round(score, 9), other) for other, score in scores.items()]
    return [other for _, other in sorted(ranked) if other != position][:limit]
