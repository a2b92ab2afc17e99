"""Threads: every response once, under the one it answers, whatever the order they come in."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterword.model import Comment
from afterword.threads import Thread, arrange, sort_key

START = datetime(2020, 1, 1, tzinfo=UTC)


def comment(id: str, replyto: str | None = None, day: int = 0) -> Comment:  # noqa: A002
    """A comment of a given day."""
    date = START + timedelta(days=day)
    return Comment(entry="e", id=id, author="A", date=date, body="", replyto=replyto)


def shape(thread: Thread) -> list[tuple[str, int]]:
    """The ids in reading order, with their depths."""
    return [(placed.comment.id, placed.depth) for placed in thread.placed]


@st.composite
def graphs(draw: st.DrawFn) -> list[Comment]:
    """Comments that answer anything: each other, themselves, or what is not there."""
    size = draw(st.integers(0, 12))
    targets = st.none() | st.integers(0, size + 2).map(str)
    return [comment(str(n), draw(targets), draw(st.integers(0, 3))) for n in range(size)]


def reference(comments: list[Comment]) -> list[tuple[str, int]]:
    """The same by plain recursion over all pairs."""
    by_id = {c.id: c for c in comments}

    def on_circle(c: Comment) -> bool:
        here = c.replyto
        for _ in comments:
            if here == c.id:
                return True
            here = by_id[here].replyto if here in by_id else None
        return False

    def below(parent: str | None, depth: int) -> list[tuple[str, int]]:
        found = []
        for c in sorted(comments, key=sort_key):
            own = c.replyto if c.replyto in by_id and not on_circle(c) else None
            if own == parent:
                found += [(c.id, depth), *below(c.id, depth + 1)]
        return found

    return below(None, 0)


@given(graphs())
def test_it_equals_plain_recursion(comments: list[Comment]) -> None:
    assert shape(arrange(comments)) == reference(comments)


@given(graphs(), st.randoms())
def test_the_order_of_arrival_does_not_matter(
    comments: list[Comment], chance: random.Random
) -> None:
    shuffled = list(comments)
    chance.shuffle(shuffled)
    assert arrange(shuffled) == arrange(comments)


@given(graphs())
def test_nothing_vanishes_and_nothing_is_doubled(comments: list[Comment]) -> None:
    placed = [each.comment for each in arrange(comments).placed]
    assert sorted(placed, key=sort_key) == sorted(comments, key=sort_key)


def test_replies_follow_what_they_answer() -> None:
    thread = arrange([comment("1"), comment("2"), comment("3", "1"), comment("4", "3")])
    assert shape(thread) == [("1", 0), ("3", 1), ("4", 2), ("2", 0)]
    assert thread.placed[1].parent == comment("1")


def test_order_is_by_date_then_by_number() -> None:
    thread = arrange([comment("10"), comment("9"), comment("b"), comment("a"), comment("8", day=1)])
    assert [id for id, _ in shape(thread)] == ["9", "10", "a", "b", "8"]  # noqa: A001


def test_orphans_and_circles_are_shown_and_named() -> None:
    thread = arrange(
        [
            comment("1", "99"),
            comment("2", "3"),
            comment("3", "2"),
            comment("4", "3"),
            comment("5", "5"),
        ]
    )
    assert shape(thread) == [("1", 0), ("2", 0), ("3", 0), ("4", 1), ("5", 0)]
    assert [c.id for c in thread.orphans] == ["1"]
    assert [c.id for c in thread.looping] == ["2", "3", "5"]


def test_a_very_deep_thread_needs_no_recursion() -> None:
    deep = 20_000
    thread = arrange([comment(str(n), str(n - 1) if n else None) for n in range(deep)])
    assert shape(thread)[-1] == (str(deep - 1), deep - 1)
