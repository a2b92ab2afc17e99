"""What items say of their responses, made anew without the rest."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given

from feeds.archive import split
from feeds.documents import Printer
from feeds.model import Format, Item, Replies
from feeds.replies import anew
from tests.feeds.strategies import DATES, REPLIES, plain_feed, plain_item

Marks = list[tuple[str, str, str, str]]
OPEN, CLOSE = "(1(", ")1)"


def marked(item: Item, form: Format) -> tuple[str, Marks]:
    """The document of an item in which the mark can be seen, and what was marked."""
    marks: Marks = []

    def mark(*mark: str) -> str:
        marks.append(mark)  # type: ignore[arg-type]  # all four of them
        return f"{OPEN}{mark[2]}{CLOSE}"

    (part,) = split(plain_feed(item), 1, 0)
    return Printer(mark=mark).text(part, form), marks


@pytest.mark.parametrize("form", Format)
@given(first=REPLIES, since=DATES)
def test_put_in_place_of_the_old_it_gives_the_new_document(
    form: Format, first: Replies, since: datetime
) -> None:
    text, marks = marked(plain_item(replies=first, thread="x"), form)
    ((kind, key, old, argument),) = marks
    assert (kind, key) == (f"feed-{form}", "x")
    assert text.count(f"{OPEN}{old}{CLOSE}") == 1
    later = replace(first, count=first.count + 1, updated=since)
    wanted, _ = marked(plain_item(replies=later), form)
    new = anew(kind, argument, later.count, later.updated)
    assert text.replace(f"{OPEN}{old}{CLOSE}", new) == wanted


@pytest.mark.parametrize("form", Format)
def test_what_has_no_responses_yet_is_marked_as_nothing(form: Format) -> None:
    text, marks = marked(plain_item(thread="x"), form)
    assert marks == [(f"feed-{form}", "x", "", "")]
    assert OPEN + CLOSE in text


@pytest.mark.parametrize("form", Format)
def test_what_nobody_counts_is_not_marked(form: Format) -> None:
    assert marked(plain_item(replies=Replies(1, "https://x.example/", {})), form)[1] == []


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="thread"):
        anew("thread", "{}", 1, None)
