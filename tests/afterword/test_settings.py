"""The settings: each declared once, each checked at the start."""

import pytest

from afterword.errors import SettingsError
from afterword.settings import Declaration, Settings, declarations

WRONG: dict[type, list[object]] = {
    str: [1, True, ["x"]],
    int: ["1", 1.0, True],
    bool: ["yes", 1],
}


def test_nothing_set_is_the_defaults() -> None:
    assert Settings.from_mapping({"SITENAME": "x", "DEFAULT_LANG": "en"}) == Settings()


def test_each_setting_is_read_under_its_name() -> None:
    values: dict[type, object] = {str: "x", int: 7, bool: True}
    for each in declarations():
        read = Settings.from_mapping({each.name: values[each.type]})
        assert getattr(read, each.field) == values[each.type]


def test_none_is_the_default() -> None:
    assert Settings.from_mapping({each.name: None for each in declarations()}) == Settings()


@pytest.mark.parametrize("each", list(declarations()), ids=lambda each: each.name)
def test_a_value_of_another_type_is_refused(each: Declaration) -> None:
    for wrong in WRONG[each.type]:
        with pytest.raises(SettingsError, match=each.name):
            Settings.from_mapping({each.name: wrong})


def test_numbers_have_a_least_value() -> None:
    with pytest.raises(SettingsError, match="at least 1"):
        Settings.from_mapping({"COMMENTS_MAX_DEPTH": 0})


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match="did you mean COMMENTS_URL"):
        Settings.from_mapping({"COMMENTS_ULR": "x"})
    with pytest.raises(SettingsError, match=r"ZZZZ: is no setting$"):
        Settings.from_mapping({"COMMENTS_ZZZZZZZZZZZZZZZZZZZZ": "x"})
