"""What is known of the responses to an entry without reading them, and what is read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword import commentfile, conversations
from afterword.conversations import Answer, Conversation, ResponseReader, ranked
from afterword.model import Comment
from afterword.threads import sort_key
from tests.afterword.test_commentfile import comments
from tests.afterword.test_render import comment

many = st.lists(comments, max_size=8, unique_by=lambda each: each.id)


@given(many)
def test_what_is_kept_of_responses_is_all_of_them(made: list[Comment]) -> None:
    one = Conversation.of("first", made)
    ordered = sorted(made, key=sort_key)
    assert list(one.comments) == ordered
    assert [answer.id for answer in one.answers] == [each.id for each in ordered]
    assert [one.comment(each.id) for each in made] == made
    assert one.comment("never") is None
    assert one.total == len(made)
    assert one.updated == max((each.date for each in made), default=None)


@given(many, many)
def test_the_digest_tells_responses_from_others(some: list[Comment], others: list[Comment]) -> None:
    digests = (Conversation.of("first", some).digest, Conversation.of("first", others).digest)
    assert (digests[0] == digests[1]) == (
        sorted(some, key=sort_key) == sorted(others, key=sort_key)
    )
    one = [Conversation.of("first", [each]).answers[0].digest for each in (*some, *others)]
    assert len(set(one)) == len(
        {Conversation.of("first", [each]).digest for each in (*some, *others)}
    )


@given(comments, comments)
def test_ranks_are_in_the_order_of_the_responses(one: Comment, other: Comment) -> None:
    ranks = [Conversation.of("first", [each]).answers[0].rank("first") for each in (one, other)]
    assert (ranks[0] < ranks[1]) == (sort_key(one) < sort_key(other))


@given(comments, st.lists(st.sampled_from(["a", "b", "a/b", "a b", "\u00fc", "\U0001f600", "~"])))
def test_of_the_same_moment_and_id_ranks_are_in_the_order_of_the_entries(
    one: Comment, entries: list[str]
) -> None:
    answer = Conversation.of("first", [one]).answers[0]
    assert sorted(map(answer.rank, entries)) == list(map(answer.rank, sorted(entries)))
    # Databases compare bytes.
    assert sorted(answer.rank(each).encode() for each in entries) == [
        answer.rank(each).encode() for each in sorted(entries)
    ]
    assert [ranked(answer.rank(each)) for each in entries] == [(one.id, each) for each in entries]


def test_the_first_and_the_last_moment_there_are_have_a_rank() -> None:
    moments = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    for moment in moments:
        one = Conversation.of("e", [comment("1", date=moment)])
        assert one.updated == moment
        assert len(one.answers[0].rank("e").split(" ")[0]) == len(Answer("1", 0, "").rank("e")) - 4


def test_nothing_is_read_before_it_is_looked_at() -> None:
    asked: list[str] = []

    def files(name: str) -> dict[str, object]:
        asked.append(name)
        return {}

    known = Conversation.of("e", [comment("1"), comment("2")])
    one = Conversation("e", known.summary, files)
    assert (one.total, one.digest, one.problems) == (2, known.digest, [])
    assert one.updated == known.updated
    assert len(one.answers) == 2
    assert asked == []
    assert one.comments == ()
    assert asked == ["e"]


def test_each_change_of_those_who_read_makes_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ResponseReader(tmp_path).version
    assert before == ResponseReader(tmp_path / "other").version
    copy = tmp_path / "commentfile.py"
    copy.write_bytes(Path(commentfile.__file__).read_bytes() + b"#")
    monkeypatch.setattr(commentfile, "__file__", str(copy))
    assert ResponseReader(tmp_path).version != before


def test_a_moment_is_kept_to_the_microsecond() -> None:
    moment = datetime(2020, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
    one = Conversation.of("e", [comment("1", date=moment)])
    assert one.updated == moment
    assert one.comments[0].date == moment
    assert conversations._BEGINNING + timedelta(microseconds=one.answers[0].moment) == moment
