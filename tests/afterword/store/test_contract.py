"""What every store promises, tried on each of them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from afterword.errors import IdTaken, LimitReached
from afterword.model import Kind, Status
from afterword.store import Addition, Changes, Lesson, Limit, Query, Store
from afterword.submission import Submission
from tests.afterword.store.conftest import NOW, Clock, Open
from tests.afterword.store.samples import SAMPLE, approved, letter, received, sample


def add(store: Store, *submissions: Submission) -> None:
    for each in submissions:
        assert store.add(each, received(each)) == each


def test_what_is_added_comes_back_equal(store: Store) -> None:
    everything = replace(SAMPLE, kind=Kind.WEBMENTION, source="https://x.example/", by_author=True)
    add(store, everything)
    assert store.get("a1") == everything
    assert store.get("a2") is None


def test_what_is_added_is_there_for_the_next_who_opens_it(opened: Open) -> None:
    with closing(opened()) as first:
        add(first, SAMPLE)
    with closing(opened()) as second:
        assert second.get("a1") == SAMPLE


def test_the_same_form_twice_is_one_submission(store: Store) -> None:
    add(store, SAMPLE)
    again = replace(SAMPLE, id="b2")
    assert store.add(again, received(again)) == SAMPLE
    assert store.get("b2") is None
    assert store.counts()[Status.PENDING] == 1
    assert len(store.history("a1")) == 1


def test_the_same_form_at_once_is_one_submission(store: Store) -> None:
    forms = [replace(SAMPLE, id=f"c{number}") for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(lambda each: store.add(each, received(each)).id, forms))
    assert len(kept) == 1
    assert store.counts()[Status.PENDING] == 1


def test_submissions_without_a_fingerprint_are_all_kept(store: Store) -> None:
    add(store, replace(SAMPLE, fingerprint=None), replace(SAMPLE, id="a2", fingerprint=None))
    assert store.counts()[Status.PENDING] == 2


def test_an_id_is_taken_once_for_ever(store: Store) -> None:
    add(store, replace(SAMPLE, status=Status.TRASH))
    other = replace(SAMPLE, fingerprint="other")
    with pytest.raises(IdTaken):
        store.add(other, received(other))
    far = NOW + timedelta(days=400)
    assert store.expire(far, far) == 1
    assert store.get("a1") is None
    with pytest.raises(IdTaken):
        store.add(other, received(other))
    assert store.counts()[Status.PENDING] == 0


def test_ids_are_looked_up_with_what_has_them_or_had(store: Store) -> None:
    add(store, replace(SAMPLE, status=Status.TRASH), sample(2))
    far = NOW + timedelta(days=400)
    store.expire(far, far)
    left = store.get("a2")
    assert store.look_up(["a1", "a2", "a3"]) == {"a1": None, "a2": left}
    assert store.look_up([]) == {}


def test_a_limit_holds_back_what_is_too_much(store: Store, clock: Clock) -> None:
    limit = Limit("flood:x", 2, NOW + timedelta(minutes=1))
    for number in (1, 2):
        each = sample(number)
        store.add(each, received(each), limit)
    with pytest.raises(LimitReached) as caught:
        store.add(sample(3), received(sample(3)), limit)
    assert caught.value.until == limit.until
    assert store.get("a3") is None
    # A form that is sent again does not count, nor what was refused.
    assert store.add(sample(2), received(sample(2)), limit).id == "a2"
    clock.pass_by(minutes=2)
    later = Limit("flood:x", 2, clock() + timedelta(minutes=1))
    assert store.add(sample(4), received(sample(4)), later).id == "a4"


def test_many_are_added_at_once_each_for_itself(store: Store) -> None:
    store.add(sample(1), received(sample(1)))
    limit = Limit("flood", 1, NOW + timedelta(minutes=1))
    again, taken = sample(1, id="b1"), sample(5, id="a1")
    additions = [
        Addition(sample(2), received(sample(2)), limit),
        Addition(again, received(again)),
        Addition(taken, received(taken)),
        Addition(sample(3), received(sample(3)), limit),
        Addition(sample(4), received(sample(4))),
    ]
    two, one, not_free, too_much, four = store.add_all(additions)
    assert (two, one, four) == (sample(2), sample(1), sample(4))
    assert isinstance(not_free, IdTaken)
    assert isinstance(too_much, LimitReached)
    assert [store.get(name) is not None for name in ("a2", "b1", "a3", "a4")] == [
        True,
        False,
        False,
        True,
    ]
    assert len(store.history("a1")) == 1
    assert store.add_all([]) == []


def test_what_was_decided_elsewhere_is_added_at_once_each_for_itself(
    store: Store, clock: Clock
) -> None:
    gone = sample(1, fingerprint=None, status=Status.SPAM)
    store.add(gone, received(gone))
    clock.pass_by(days=9)
    assert store.expire(clock(), clock()) == 1
    store.add(sample(2), received(sample(2)))
    new = [sample(number, fingerprint=None) for number in (1, 3, 2, 4, 3)]
    answers = store.add_all([Addition(each, received(each)) for each in new])
    assert (answers[1], answers[3]) == (new[1], new[3])
    assert [type(answers[number]) for number in (0, 2, 4)] == [IdTaken] * 3
    assert [store.get(f"a{number}") for number in (1, 3, 4)] == [None, new[1], new[3]]
    assert store.get("a2") == sample(2)
    assert [each.submission for each in store.decisions(0, 9)] == ["a2", "a3", "a4"]
    assert len({each.sequence for each in store.decisions(0, 9)}) == 3


def test_a_limit_is_counted_together_by_all_threads(store: Store) -> None:
    limit = Limit("flood:x", 5, NOW + timedelta(minutes=1))

    def attempt(number: int) -> bool:
        try:
            store.add(sample(number), received(sample(number)), limit)
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 5


def test_a_change_replaces_its_predecessor_and_is_in_the_history(store: Store) -> None:
    add(store, SAMPLE)
    after, row = approved(SAMPLE)
    assert store.change(after, row)
    assert store.get("a1") == after
    assert [each.after for each in store.history("a1")] == [Status.PENDING, Status.APPROVED]
    assert replace(store.history("a1")[1], sequence=0) == row


def test_a_change_of_what_has_changed_does_nothing(store: Store) -> None:
    add(store, SAMPLE)
    after, row = approved(SAMPLE)
    assert store.change(after, row)
    late = replace(after, status=Status.SPAM)
    assert not store.change(late, row, [Lesson(frozenset({7}), spam=1)])
    assert store.get("a1") == after
    assert len(store.history("a1")) == 2
    assert store.tally([7]).spam == 0
    assert not store.change(replace(after, id="nobody"), row)


def test_of_many_changes_at_once_one_wins(store: Store) -> None:
    for number in range(10):
        each = sample(number)
        add(store, each)
        barrier = threading.Barrier(4)

        def attempt(
            name: str, each: Submission = each, barrier: threading.Barrier = barrier
        ) -> bool:
            after, row = approved(each, by=name)
            barrier.wait()
            return store.change(after, row)

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(attempt, "abcd")) == 1
        assert len(store.history(each.id)) == 2


def test_listing_is_newest_first_in_pages_with_a_total(store: Store) -> None:
    add(store, *(sample(number) for number in range(7)))
    page = store.find(Query(status=Status.PENDING, offset=2, limit=3))
    assert [each.id for each in page.submissions] == ["a4", "a3", "a2"]
    assert page.total == 7
    same = [replace(sample(n), date=NOW, id=f"z{n}", fingerprint=None) for n in (1, 2)]
    add(store, *same)
    newest = store.find(Query(limit=9)).submissions
    assert [each.id for each in newest][-3:] == ["z2", "z1", "a0"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dave", 1),
        ("DAVE", 1),
        ("example.ORG", 1),
        ("%", 1),
        ("%_\\", 1),
        ("*work*", 1),
        ("first", 1),
        ("Über", 1),
        ("ÜBER", 1),
        ("nothing", 0),
        ("x%y", 0),
    ],
)
def test_text_is_found_wherever_a_moderator_would_look(store: Store, text: str, found: int) -> None:
    add(store, replace(SAMPLE, body=SAMPLE.body + " über"), sample(2, author="Eve", email=""))
    add(store, sample(3, author="Mallory", email="", entry="other", website=None))
    wanted = found if text not in {"first", "example.ORG"} else 2
    assert store.find(Query(text=text)).total == wanted


def test_listing_can_be_narrowed_to_an_entry_or_an_address(store: Store) -> None:
    add(store, sample(1), sample(2, entry="other"), sample(3, address="b"))
    assert [each.id for each in store.find(Query(entry="other")).submissions] == ["a2"]
    assert [each.id for each in store.find(Query(address="b")).submissions] == ["a3"]


def test_counts_name_every_state(store: Store) -> None:
    add(store, sample(1), sample(2), sample(3, status=Status.SPAM))
    expected = {"pending": 2, "spam": 1, "approved": 0, "trash": 0}
    assert {str(name): number for name, number in store.counts().items()} == expected


def test_decisions_come_in_order_and_from_a_place_on(store: Store) -> None:
    add(store, *(sample(number) for number in range(5)))
    everything = store.decisions(0, 100)
    assert [each.submission for each in everything] == [f"a{n}" for n in range(5)]
    sequences = [each.sequence for each in everything]
    assert sequences == sorted(set(sequences))
    assert store.decisions(sequences[2], 1) == everything[3:4]


def test_facts_count_what_came_before(store: Store) -> None:
    add(store, sample(1, body="Same  TEXT"), sample(2, entry="other", body="same text"))
    add(store, sample(3, status=Status.APPROVED, email="dave@example.org"))
    add(store, sample(4, status=Status.SPAM, revision=2), sample(5, status=Status.SPAM))
    new = replace(SAMPLE, id="new", body="same text", address="f00")
    facts = store.evidence(new, NOW - timedelta(days=1), [])[0]
    assert (facts.approved, facts.refused) == (1, 1)
    assert (facts.same_text, facts.same_text_here) == (2, 1)
    assert facts.from_address == 5
    assert store.evidence(new, NOW + timedelta(days=1), [])[0].same_text == 0
    nobody = replace(new, email="", address="")
    facts, tally = store.evidence(nobody, NOW, [1])
    assert facts.approved == facts.from_address == 0
    assert tally == store.tally([1])


def test_what_is_decided_stays_unsettled_until_the_files_show_it(store: Store) -> None:
    add(store, SAMPLE, sample(2))
    after, row = approved(SAMPLE)
    store.change(after, row)
    assert [each.id for each in store.unsettled()] == ["a1"]
    assert not store.settle("a1", after.revision - 1)
    assert store.changes() == Changes(0, 0)
    assert store.settle("a1", after.revision)
    assert store.unsettled() == ()
    assert store.changes() == Changes(1, 0)


def test_many_are_settled_at_once_in_order(store: Store) -> None:
    for number in (1, 2, 3):
        add(store, sample(number, settled=False))
    assert store.settle_all([("a3", 1), ("a2", 7), ("a1", 1), ("b1", 1)]) == [
        True,
        False,
        True,
        False,
    ]
    assert [(n, each.id) for n, each in store.settled_since(0, 9)] == [(1, "a3"), (2, "a1")]
    assert [each.id for each in store.unsettled()] == ["a2"]


def test_the_build_catches_up_and_never_goes_back(store: Store) -> None:
    for number in (1, 2):
        add(store, sample(number))
        after, row = approved(sample(number))
        store.change(after, row)
        store.settle(after.id, after.revision)
    store.built(2)
    store.built(1)
    assert store.changes() == Changes(2, 2)


def test_settled_changes_are_listed_once_each_from_a_place_on(store: Store) -> None:
    for number in (1, 2, 3):
        add(store, sample(number))
        after, row = approved(sample(number))
        store.change(after, row)
        store.settle(after.id, after.revision)
    again = store.get("a1")
    assert again
    back = replace(again, status=Status.TRASH, revision=again.revision + 1, settled=False)
    store.change(back, received(back))
    store.settle("a1", back.revision)
    assert [(n, each.id) for n, each in store.settled_since(0, 9)] == [
        (2, "a2"),
        (3, "a3"),
        (4, "a1"),
    ]
    assert [n for n, _ in store.settled_since(2, 1)] == [3]


def test_the_filter_learns_and_unlearns(store: Store) -> None:
    add(store, SAMPLE)
    after, row = approved(SAMPLE)
    store.change(after, row, [Lesson(frozenset({1, 2**62}), ham=1)])
    tally = store.tally([1, 2**62, 3])
    assert (tally.ham, tally.spam) == (1, 0)
    assert dict(tally.words) == {1: (1, 0), 2**62: (1, 0)}
    spam = replace(after, status=Status.SPAM, revision=3)
    store.change(spam, row, [Lesson(frozenset({1}), ham=-1, spam=1)])
    assert store.tally([1]).words[1] == (0, 1)
    again = replace(spam, revision=4)
    store.change(again, row, [Lesson(frozenset({1}), ham=-1)])
    assert store.tally([1]).ham == 0


def test_counting_starts_anew_when_the_time_is_over(store: Store, clock: Clock) -> None:
    until = NOW + timedelta(minutes=1)
    assert [store.count("x", until) for _ in range(3)] == [1, 2, 3]
    assert store.count("y", until) == 1
    clock.pass_by(minutes=1)
    assert store.count("x", clock() + timedelta(minutes=1)) == 1


def test_counting_loses_nothing_among_threads(store: Store) -> None:
    until = NOW + timedelta(minutes=1)
    with ThreadPoolExecutor(8) as pool:
        counted = sorted(pool.map(lambda _: store.count("x", until), range(40)))
    assert counted == list(range(1, 41))


def test_a_value_is_kept_until_its_time_is_over(store: Store, clock: Clock) -> None:
    assert store.recall("n") is None
    store.keep("n", "one")
    store.keep("n", "two", NOW + timedelta(hours=1))
    assert store.recall("n") == "two"
    clock.pass_by(hours=1)
    assert store.recall("n") is None


def test_the_first_value_stays(store: Store, clock: Clock) -> None:
    assert store.keep_first("n", "one", NOW + timedelta(hours=1)) == "one"
    assert store.keep_first("n", "two") == "one"
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda v: store.keep_first("m", str(v)), range(20)))) == 1
    clock.pass_by(hours=2)
    assert store.keep_first("n", "three") == "three"


def test_names_are_forgotten_by_their_beginning(store: Store) -> None:
    for name in ("session:1", "session:2", "sess%on:3", "other"):
        store.keep(name, "x")
    assert store.forget("session:") == 2
    assert store.forget("sess%") == 1
    assert store.recall("other") == "x"


def test_letters_and_cursor_are_kept_together_or_not_at_all(store: Store) -> None:
    assert store.post([letter("k1")], "cursor", None, "5")
    assert not store.post([letter("k2")], "cursor", None, "6")
    assert store.waiting() == 1
    assert store.post([letter("k1"), letter("k3")], "cursor", "5", "6")
    assert store.waiting() == 2
    assert store.recall("cursor") == "6"


def test_a_letter_is_claimed_once_until_the_lease_ends(store: Store, clock: Clock) -> None:
    late = letter("late", NOW + timedelta(hours=1))
    store.post([letter("k1"), late], "cursor", None, "1")
    lease = NOW + timedelta(minutes=5)
    with ThreadPoolExecutor(4) as pool:
        claimed = [
            each for part in pool.map(lambda _: store.claim(5, lease), range(4)) for each in part
        ]
    assert [each.key for each in claimed] == ["k1"]
    assert claimed[0] == replace(letter("k1"), due=lease)
    clock.pass_by(minutes=5)
    assert [each.key for each in store.claim(5, clock() + timedelta(minutes=5))] == ["k1"]


def test_a_letter_that_fails_waits_and_one_that_is_sent_never_comes_again(
    store: Store, clock: Clock
) -> None:
    store.post([letter("k1")], "cursor", None, "1")
    store.postpone("k1", NOW + timedelta(minutes=1))
    assert store.claim(5, NOW) == ()
    clock.pass_by(minutes=1)
    (again,) = store.claim(5, clock())
    assert again.attempts == 1
    store.sent("k1")
    assert store.waiting() == 0
    assert store.post([letter("k1")], "cursor", "1", "2")
    assert store.waiting() == 0


def test_everything_about_a_person_is_found_in_any_case(store: Store) -> None:
    add(store, sample(2), sample(1, email="dave@EXAMPLE.org"), sample(3, email="eve@example.org"))
    assert [each.id for each in store.about("DAVE@example.org")] == ["a1", "a2"]


def test_erasing_leaves_nothing_that_was_typed(store: Store) -> None:
    add(store, SAMPLE, sample(3, email="eve@example.org"))
    after, row = approved(SAMPLE)
    store.change(after, row)
    store.settle("a1", after.revision)
    store.keep("subscription:dave@example.org", "on")
    store.post(
        [letter("confirm:dave@example.org:1"), letter("k", to="Dave@example.org")], "c", None, "1"
    )
    assert store.erase("dave@example.org") == ("a1",)
    left = store.get("a1")
    assert left
    assert (left.author, left.email, left.body, left.website, left.address) == (
        "",
        "",
        "",
        None,
        "",
    )
    assert (left.entry, left.date, left.status, left.settled) == ("first", NOW, Status.TRASH, False)
    assert store.history("a1")[-1].why == "erased on request"
    assert store.recall("subscription:dave@example.org") is None
    assert store.waiting() == 0
    assert store.about("dave@example.org") == ()
    assert store.get("a3") == sample(3, email="eve@example.org")


def test_what_is_old_is_forgotten(store: Store, clock: Clock) -> None:
    add(store, sample(1, status=Status.SPAM), sample(2, status=Status.TRASH, settled=False))
    add(store, sample(3), sample(4000, status=Status.SPAM))
    store.keep("over", "x", NOW + timedelta(minutes=1))
    clock.pass_by(hours=3)
    edge = NOW + timedelta(seconds=10)
    assert store.expire(edge, edge) == 1
    assert store.get("a1") is None
    assert store.history("a1") == ()
    found = {each.id: each.address for each in store.find(Query()).submissions}
    assert found == {"a2": "", "a3": "", "a4000": "f00"}
    assert store.forget("over") == 0


def test_a_store_that_is_there_can_be_written_to(store: Store) -> None:
    store.check()


def test_a_closed_store_can_be_closed_again(opened: Open) -> None:
    store = opened()
    store.close()
    store.close()


def test_a_backup_holds_everything_and_replaces_everything(opened: Open, tmp_path: Path) -> None:
    with closing(opened()) as store:
        if type(store).__name__ == "MemoryStore":
            pytest.skip("what is only in memory has no backup")
        add(store, SAMPLE, sample(2))
        after, row = approved(SAMPLE)
        store.change(after, row, [Lesson(frozenset({1}), ham=1)])
        store.keep("password", "x")
        store.post([letter("k1")], "cursor", None, "1")
        before = store.find(Query()), store.history("a1"), store.tally([1])
        path = tmp_path / "backup"
        store.backup(path)
        add(store, sample(3))
        store.restore(path)
        assert (store.find(Query()), store.history("a1"), store.tally([1])) == before
        assert store.recall("password") == "x"
        assert store.waiting() == 1
        assert path.stat().st_mode & 0o077 == 0
