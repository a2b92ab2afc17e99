"""What becomes of parents, whatever somebody's threads look like."""

from hypothesis import given
from hypothesis import strategies as st

from afterword.importers.claims import Holdings, Place
from afterword.importers.findings import Response, Skipped, Thread
from afterword.importers.matching import Match
from afterword.importers.plan import plan
from afterword.importers.survey import Survey
from afterword.model import Status
from tests.afterword.importers.conftest import THREAD, response

NOTHING = Holdings(lambda _: None, lambda *_: None)
MATCHES = {"t": Match("first", "by its address"), "u": Match("", "nowhere")}


def gone(number: int, parent: int | None = None) -> Skipped:
    above = None if parent is None else str(parent)
    return Skipped("file", "deleted", expected=True, thread="t", id=str(number), parent=above)


def planned(*responses: Response | Skipped) -> dict[str, str | None]:
    """What each response answers, by its old id; those that are left out are not there."""
    survey = Survey()
    survey.take(THREAD)
    survey.take(Thread("u", "file"))
    for each in responses:
        survey.take(each)
    places = plan(survey, MATCHES, "given", NOTHING)
    return {
        row.id: place.replyto
        for row, place in zip(survey.rows, places, strict=True)
        if isinstance(place, Place)
    }


def test_an_orphan_goes_to_the_nearest_ancestor_that_is_published() -> None:
    assert planned(
        response(1),
        response(2, parent="1", status=Status.SPAM),
        response(3, parent="2", status=Status.TRASH),
        response(4, parent="3"),
        response(5, parent="4"),
        response(6, parent="99"),
    ) == {"1": None, "2": "1", "3": "1", "4": "1", "5": "4", "6": None}


def test_whom_the_source_has_deleted_is_passed_over() -> None:
    assert planned(
        response(1),
        gone(2, 1),
        gone(3, 2),
        response(4, parent="3"),
        gone(5, 6),
        gone(6, 5),
        response(7, parent="6"),
        response(8, parent="6"),
    ) == {"1": None, "4": "1", "7": None, "8": None}


def test_what_waits_may_answer_what_waits_and_what_is_published_may_not() -> None:
    assert planned(
        response(1, status=Status.PENDING),
        response(2, parent="1", status=Status.PENDING),
        response(3, parent="1"),
    ) == {"1": None, "2": "1", "3": None}


def test_a_parent_may_come_later() -> None:
    assert planned(response(1, parent="2"), response(2)) == {"1": "2", "2": None}


def test_a_parent_in_another_thread_is_none() -> None:
    assert planned(response(1, thread="u"), response(2, parent="1")) == {"2": None}


def test_who_answers_in_a_circle_stands_at_top_level_once() -> None:
    assert planned(
        response(1, parent="1"),
        response(2, parent="4"),
        response(3, parent="2"),
        response(4, parent="3"),
        response(5, parent="3"),
    ) == {"1": None, "2": None, "3": "2", "4": "3", "5": "3"}


def test_ten_levels_stay_ten_levels() -> None:
    chain = [response(n, parent=str(n - 1)) for n in range(1, 11)]
    assert planned(response(0), *chain) == {"0": None} | {str(n): str(n - 1) for n in range(1, 11)}


def test_fifty_thousand_below_each_other_are_no_more_work_than_beside_each_other() -> None:
    dead = [
        response(n, parent=str(n - 1), status=Status.TRASH if n % 2 else Status.APPROVED)
        for n in range(20_000)
    ]
    found = planned(*dead)
    assert (found["19998"], found["19999"]) == ("19996", "19998")


statuses = st.sampled_from(Status)
webs = st.lists(st.tuples(st.integers(0, 12), statuses, st.sampled_from("tu")), max_size=12)


@given(webs)
def test_whatever_answers_whatever_all_are_there_in_trees(
    web: list[tuple[int, Status, str]],
) -> None:
    found = planned(
        *[
            response(n, parent=str(parent), status=status, thread=thread)
            for n, (parent, status, thread) in enumerate(web)
        ]
    )
    assert found.keys() == {str(n) for n, each in enumerate(web) if each[2] == "t"}
    for each in found:
        walked = {each}
        here = found[each]
        while here is not None:
            assert here not in walked
            walked.add(here)
            here = found[here]
        if found[each] is not None and web[int(each)][1] is Status.APPROVED:
            assert web[int(found[each] or 0)][1] is Status.APPROVED


def test_what_is_left_out_is_told_with_its_place() -> None:
    survey = Survey()
    survey.take(response(1))
    (place,) = plan(survey, {}, "given", NOTHING)
    assert place == Skipped("file: 1", "answers the thread 't', which is not there")
