"""Signed links: each good for what it was made for, and none that we have not made."""

import base64
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.errors import BadToken
from afterword.tokens import Purpose, Signer, Token

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
OLD, NEW = "o" * 32, "n" * 32
SIGNER = Signer((NEW,))
ACT = ("approve", "a1", "0" * 32)

URL_LETTERS = string.ascii_letters + string.digits + "-_."
PARTS = st.lists(st.text(max_size=40), max_size=5).map(tuple)
# Tokens of both kinds: one as it is, one packed because that is shorter.
SAMPLES = [SIGNER.sign(Purpose.ACT, parts, NOW) for parts in (("approve", "a1"), ACT)]


def accepted(token: str, purpose: Purpose = Purpose.ACT, signer: Signer = SIGNER) -> bool:
    try:
        signer.read(purpose, token, NOW, WEEK)
    except BadToken:
        return False
    return True


def mutations(token: str) -> Iterator[str]:
    """Every token that is one slip of a pen away, and some that are further."""
    for at in range(len(token) + 1):
        before, after = token[:at], token[at:]
        yield before
        yield after
        yield before + after[1:]
        yield before + after[:1].swapcase() + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in f"{URL_LETTERS}=+/ %~\n\0é":
            yield before + letter + after
            yield before + letter + after[1:]


@given(parts=PARTS, purpose=st.sampled_from(Purpose))
def test_what_is_signed_is_read_back_and_fits_into_an_address(
    parts: tuple[str, ...], purpose: Purpose
) -> None:
    token = SIGNER.sign(purpose, parts, NOW)
    assert SIGNER.read(purpose, token, NOW, WEEK) == Token(parts, NOW)
    assert set(token) <= set(URL_LETTERS)


def test_the_samples_are_one_plain_and_one_packed() -> None:
    assert [token.startswith(".") for token in SAMPLES] == [False, True]


def test_of_ten_thousand_altered_tokens_none_is_accepted() -> None:
    altered = {each for token in SAMPLES for each in mutations(token)} - set(SAMPLES)
    assert len(altered) > 10_000
    assert all(map(accepted, SAMPLES))
    assert [each for each in altered if accepted(each)] == []


@given(st.text(st.characters(), max_size=80))
def test_whatever_else_is_sent_is_a_bad_token_and_no_other_error(text: str) -> None:
    for purpose in Purpose:
        assert not accepted(text, purpose)


@given(one=PARTS, other=PARTS)
def test_a_signature_fits_no_other_content(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    tokens = [SIGNER.sign(Purpose.ACT, parts, NOW) for parts in (one, other)]
    contents, signatures = zip(*(token.rsplit(".", 1) for token in tokens), strict=True)
    assert accepted(f"{contents[0]}.{signatures[1]}") == (one == other)


@pytest.mark.parametrize("token", SAMPLES)
def test_a_token_counts_only_in_the_one_spelling_that_we_write(token: str) -> None:
    content, _, signature = token.rpartition(".")
    spellings = [
        f"{content}.{signature[:-1]}{letter}"
        for letter in URL_LETTERS[:-1]
        if _bytes(signature[:-1] + letter) == _bytes(signature)
    ]
    # 43 letters hold two bits more than a hash has.
    assert len(spellings) == 4
    assert [each for each in spellings if accepted(each)] == [token]
    assert not accepted(f"{token}=")


def _bytes(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded + "=")


@pytest.mark.parametrize(("made_for", "asked_for"), list(permutations(Purpose, 2)))
def test_a_token_of_one_purpose_is_none_of_another(made_for: Purpose, asked_for: Purpose) -> None:
    token = SIGNER.sign(made_for, ACT, NOW)
    assert accepted(token, made_for)
    assert not accepted(token, asked_for)


@given(one=PARTS, other=PARTS)
def test_tokens_for_different_things_are_different(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    tokens = {SIGNER.sign(Purpose.STATUS, parts, NOW) for parts in (one, other)}
    assert len(tokens) == len({one, other})


def test_the_same_thing_at_the_same_time_has_the_same_token() -> None:
    assert SIGNER.sign(Purpose.ACT, ACT, NOW) == SAMPLES[1]
    assert SIGNER.sign(Purpose.ACT, ACT, NOW + timedelta(seconds=1)) != SAMPLES[1]


@pytest.mark.parametrize(
    ("age", "good"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(), True),
        (WEEK, True),
        (WEEK + timedelta(seconds=1), False),
        (timedelta(days=4000), False),
    ],
)
def test_a_token_is_good_for_its_time_and_not_before_it(age: timedelta, *, good: bool) -> None:
    assert accepted(SIGNER.sign(Purpose.ACT, ACT, NOW - age)) is good


def test_a_token_that_is_too_old_says_so() -> None:
    with pytest.raises(BadToken, match="too old"):
        SIGNER.read(Purpose.ACT, SAMPLES[0], NOW + 2 * WEEK, WEEK)


def test_a_token_without_an_end_is_good_for_years() -> None:
    token = SIGNER.sign(Purpose.STATUS, ("a1",), NOW)
    assert SIGNER.read(Purpose.STATUS, token, NOW + timedelta(days=4000)).parts == ("a1",)


def test_tokens_of_an_older_key_are_still_read_and_new_ones_made_with_the_newest() -> None:
    both = Signer((OLD, NEW))
    assert accepted(Signer((OLD,)).sign(Purpose.ACT, ACT, NOW), signer=both)
    assert both.sign(Purpose.ACT, ACT, NOW) == SIGNER.sign(Purpose.ACT, ACT, NOW)


def test_a_token_of_a_key_that_we_do_not_have_is_none() -> None:
    assert not accepted(Signer((OLD,)).sign(Purpose.ACT, ACT, NOW))
    assert not accepted(Signer((OLD, NEW)).sign(Purpose.ACT, ACT, NOW), signer=Signer((OLD,)))


@given(st.text(st.characters(), max_size=40), st.text(st.characters(), max_size=40))
def test_a_seal_is_the_same_for_the_same_text_alone(one: str, other: str) -> None:
    assert (SIGNER.seal("csrf", one) == SIGNER.seal("csrf", other)) == (one == other)


def test_a_seal_needs_the_key_and_the_purpose_and_does_not_show_the_text() -> None:
    seals = {
        SIGNER.seal("csrf", "session"),
        SIGNER.seal("act", "session"),
        Signer((OLD,)).seal("csrf", "session"),
    }
    assert len(seals) == 3
    assert not any("session" in seal for seal in seals)
