"""What may be typed into the form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.intake.form import Typed, check, submission
from afterword.model import first_forbidden

GOOD = Typed(entry="first", author="Dave", email="dave@example.org", body="Words.")


def errors(**typed: str) -> set[str]:
    fields = {"entry": "first", "author": "Dave", "email": "dave@example.org", "body": "Words."}
    return set(check(Typed.of(fields | typed)).errors)


def test_what_is_right_has_no_errors() -> None:
    assert errors() == set()
    assert errors(website="") == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("author", ""),
        ("author", " \t\n "),
        ("author", "x" * 246),
        ("email", ""),
        ("email", "dave"),
        ("email", "dave@"),
        ("email", "a@b@example.org"),
        ("email", "dave@example.org\r\nBcc: eve@example.org"),
        ("email", "x" * 60 + "@" + "y" * 40 + ".org"),
        ("website", "javascript:alert(1)"),
        ("website", "https://user@example.org/"),
        ("website", "http://"),
        ("website", "https://example.org/" + "x" * 200),
        ("website", "two words"),
        ("body", ""),
        ("body", "\r\n \u2003\n"),
        ("body", "\x00"),
        ("body", "ü" * 32_769),
    ],
)
def test_what_is_wrong_is_said_of_its_field(field: str, value: str) -> None:
    assert errors(**{field: value}) == {field}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("author", "x" * 245),
        ("email", "O'Hara+tag@xn--bcher-kva.example"),
        ("email", "dave@büro.example.org"),
        ("website", "https://example.org/" + "x" * 180),
        ("body", "x" * 65_536),
        ("body", "ü" * 32_768),
    ],
)
def test_what_just_fits_is_taken(field: str, value: str) -> None:
    assert errors(**{field: value}) == set()


def test_an_address_without_a_scheme_is_one_of_the_web() -> None:
    checked = check(Typed.of({"website": "example.org/x"}))
    assert checked.website == "https://example.org/x"


def test_line_ends_become_one_kind_and_the_ends_are_trimmed() -> None:
    checked = check(Typed.of({"body": "\r\n\r\n  a\r\nb\rc  \r\n\r\n"}))
    assert checked.body == "  a\nb\nc"


def test_the_same_form_has_the_same_fingerprint_and_any_other_another() -> None:
    def fingerprint(**typed: str) -> str | None:
        each = Typed.of({"entry": "first", "author": "A", "email": "a@b.org", "body": "x"} | typed)
        return submission(each, check(each), "").fingerprint

    assert fingerprint() == fingerprint(body=" x\r\n".strip(), email="A@b.org", token="other")  # noqa: S106  # no secret
    others = [{"entry": "second"}, {"replyto": "1"}, {"author": "B"}, {"body": "y"}]
    assert len({fingerprint(), *(fingerprint(**other) for other in others)}) == 5


@given(st.dictionaries(st.sampled_from(list(Typed.__slots__)), st.text(st.characters())))
def test_whatever_is_typed_is_cleaned_or_refused_and_shown_again(typed: dict[str, str]) -> None:
    each = Typed.of(typed)
    checked = check(each)
    if not checked.errors:
        submission(each, checked, "").comment()
    assert first_forbidden(checked.body) is None
    assert first_forbidden(checked.author, line=True) is None
    assert each.values["body"] == typed.get("body", "")
