"""The `Category:` line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from categories.line import parse


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("", ()),
        ("Advice", (("Advice",),)),
        ("Food For Thought, Self-Improvement", (("Food For Thought",), ("Self-Improvement",))),
        ("Business/Networking", (("Business", "Networking"),)),
        (" A / B ,, /C/ , / ", (("A", "B"), ("C",))),
        ("../../x", (("..", "..", "x"),)),
    ],
)
def test_names_stand_between_commas_and_levels_between_slashes(
    line: str, paths: tuple[tuple[str, ...], ...]
) -> None:
    assert parse(line) == paths


@given(st.text())
def test_no_segment_is_empty_or_has_a_separator(line: str) -> None:
    for path in parse(line):
        assert path
        assert all(segment.strip() == segment != "" for segment in path)
        assert not any({",", "/"} & set(segment) for segment in path)
