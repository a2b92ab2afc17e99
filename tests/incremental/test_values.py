"""What was found in a file comes back as it was, or is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzlocal, tzoffset, tzutc
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pelican.log import LimitFilter
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Author, Category, Tag
from pelican.utils import SafeDatetime

from incremental.values import Frozen, NotPlain, Thawing, freeze

MOMENT = SafeDatetime(2026, 3, 29, 2, 30, 1, 5)


def again(value: object) -> Any:  # noqa: ANN401  # whatever went in
    frozen = freeze({"it": value, "metadata": {}})
    return Thawing(DEFAULT_CONFIG).attributes(frozen)["it"]


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, 0, 1, 2**70, 0.1, "", "ü\0\u2028", "\ud800"),
        *(Markup("<b>"), ("a", 1), [], ["a", ("b",)], {}, {"a": {"b": [1]}}),
        *(date(2026, 1, 2), MOMENT, datetime(2026, 1, 2)),  # noqa: DTZ001  # as Pelican has them
        *(MOMENT.replace(tzinfo=tzutc()), MOMENT.replace(tzinfo=tzoffset("CET", 3600))),
        *(MOMENT.replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=1), ZoneInfo("UTC")),
        *(SafeDatetime(812, 1, 2), datetime.max.replace(tzinfo=ZoneInfo("America/Lima"))),
    ],
)
def test_a_plain_value_comes_back(value: object) -> None:
    found = again(value)
    assert found == value
    assert type(found) is type(value)
    assert repr(found) == repr(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    )
)
def test_whatever_is_made_of_plain_values_comes_back(value: object) -> None:
    assert repr(again(value)) == repr(value)


@pytest.mark.parametrize("kind", [Author, Category, Tag])
@pytest.mark.parametrize("slug", [None, "", "other"])
def test_a_tag_comes_back_with_its_slug(kind: type[Tag], slug: str | None) -> None:
    tag = kind("Ä Näme", DEFAULT_CONFIG)
    if slug is not None:
        tag.slug = slug
    found = again(tag)
    assert (type(found), found.name, found.slug) == (kind, tag.name, tag.slug)
    found.name = tag.name = "Another"
    assert found.slug == tag.slug


def test_a_tag_without_letters_is_complained_of_as_ever(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = again(Tag("!!", DEFAULT_CONFIG))
    caplog.clear()
    monkeypatch.setattr(LimitFilter, "_raised_messages", set())
    assert found.slug == ""
    assert "valid slug" in caplog.text


def test_what_was_one_object_is_one_again_and_what_was_two_are_two() -> None:
    author, tags = Author("Ann", DEFAULT_CONFIG), [Tag("a", DEFAULT_CONFIG)]
    date = MOMENT.replace(tzinfo=ZoneInfo("UTC"))
    attributes = {"author": author, "authors": [author], "tags": tags, "date": date}
    metadata = {"tags": tags, "date": MOMENT, "Author": author, "title": "T", "others": [author]}
    found = Thawing(DEFAULT_CONFIG).attributes(freeze({**attributes, "metadata": metadata}))
    assert list(found) == ["author", "authors", "tags", "date", "metadata"]
    assert list(found["metadata"]) == list(metadata)
    assert found["author"] is found["authors"][0] is found["metadata"]["Author"]
    assert found["metadata"]["others"][0] is found["author"]
    assert found["tags"] is found["metadata"]["tags"]
    assert found["metadata"]["others"] is not found["authors"]
    assert (found["date"], found["metadata"]["date"]) == (date, MOMENT)


def test_each_time_it_is_another_object() -> None:
    frozen = freeze({"tags": ["a"], "metadata": {}})
    thawing = Thawing(DEFAULT_CONFIG)
    first, second = thawing.attributes(frozen), thawing.attributes(frozen)
    assert first == second
    assert first["tags"] is not second["tags"]
    assert first["metadata"] is not second["metadata"]


class Text(str):
    """A text of its own kind."""

    __slots__ = ()


class Numbers(list[int]):
    """A list of its own kind."""


class Moment(datetime):
    """A date of its own kind."""


def knowing() -> Tag:
    tag = Tag("a", DEFAULT_CONFIG)
    tag.count = 3
    return tag


@pytest.mark.parametrize(
    "value",
    [
        *(b"", object(), set(), Text(), Numbers(), {1: "a"}, [print], knowing(), Moment.now(UTC)),
        *(
            MOMENT.replace(tzinfo=tzlocal()),
            MOMENT.replace(tzinfo=timezone(timedelta(hours=1))),
        ),
        type("Tag", (Tag,), {})("a", DEFAULT_CONFIG),
    ],
)
def test_what_would_not_come_back_is_refused(value: object) -> None:
    with pytest.raises(NotPlain):
        freeze({"it": value, "metadata": {}})
    with pytest.raises(NotPlain):
        freeze({"metadata": {"it": [value]}})


@pytest.mark.parametrize("metadata", [None, {1: 2}, type("Own", (dict,), {})()])
def test_metadata_of_another_kind_is_refused(metadata: object) -> None:
    with pytest.raises(NotPlain):
        freeze({"metadata": metadata})


@pytest.mark.parametrize("kind", ["os.system", "Static", "object", "freeze"])
def test_nothing_else_is_made_of_what_was_kept(kind: str) -> None:
    with pytest.raises(KeyError):
        Thawing(DEFAULT_CONFIG).attributes(Frozen('[["it"], {}]', f'[["{kind}", "true"]]'))
