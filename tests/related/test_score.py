"""Related posts: the same as comparing all with all, at a fraction of the cost."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from related.score import WINDOW, related

subjects = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([1.0, 2.0]), max_size=4),
    max_size=15,
)


def reference(posts: Sequence[Mapping[str, float]], limit: int) -> list[list[int]]:
    """All pairs, compared one by one."""
    holders = Counter(name for post in posts for name in post)
    weight = {name: math.log(len(posts) / number + 1) for name, number in holders.items()}
    found = []
    for here, post in enumerate(posts):
        scores = {
            there: sum(post[name] * weight[name] for name in sorted(post) if name in other)
            for there, other in enumerate(posts)
            if there != here and post.keys() & other.keys()
        }
        found.append(sorted(scores, key=lambda n: (-round(scores[n], 9), n))[:limit])
    return found


@given(subjects, st.integers(0, 5))
def test_it_equals_comparing_all_with_all(posts: list[dict[str, float]], limit: int) -> None:
    assert list(related(posts, limit)) == reference(posts, limit)


@given(subjects)
def test_no_post_is_related_to_itself_or_twice(posts: list[dict[str, float]]) -> None:
    for position, others in enumerate(related(posts, 5)):
        assert position not in others
        assert len(set(others)) == len(others)


def test_a_rare_subject_outweighs_a_common_one() -> None:
    posts = [{"all": 1.0, "rare": 1.0}, *({"all": 1.0} for _ in range(9)), {"rare": 1.0}]
    assert next(related(posts, 1)) == [10]


def test_a_subject_of_everything_costs_its_window_and_no_more() -> None:
    size = 2000
    posts = [{"all": 1.0, f"own-{n}": 1.0} for n in range(size)]
    compared = sum(len(others) for others in related(posts, size))
    assert compared == size * WINDOW
