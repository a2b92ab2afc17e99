"""The AFTERWORD_* variables: each declared once, each checked at the start, none shown."""

import dataclasses
from pathlib import Path

import pytest

from afterword.environment import Environment, Variable, declarations
from afterword.errors import SettingsError

SECRET = "s3cret" * 6
TOO_SHORT = "k" * 31


def test_nothing_set_is_the_defaults() -> None:
    assert Environment.from_mapping({"PATH": "/bin", "HOME": "/root"}) == Environment()


@pytest.mark.parametrize("each", list(declarations()), ids=lambda each: each.name)
def test_each_variable_is_read_under_its_name(each: Variable) -> None:
    value = "x" * 40
    needed = {"AFTERWORD_MAIL_FROM": "blog@example.org"}
    read = Environment.from_mapping(needed | {each.name: value})
    assert getattr(read, each.field) == value


@pytest.mark.parametrize("each", list(declarations()), ids=lambda each: each.name)
def test_an_empty_variable_is_none_at_all(each: Variable) -> None:
    assert Environment.from_mapping({each.name: ""}) == Environment()


def test_every_variable_is_declared_with_a_sentence() -> None:
    found = list(declarations())
    assert [each.field for each in found] == [f.name for f in dataclasses.fields(Environment)]
    assert all(each.name == f"AFTERWORD_{each.field.upper()}" for each in found)
    assert all(each.help.endswith(".") for each in found)


@pytest.mark.parametrize("name", ["AFTERWORD_SECRETKEY", "AFTERWORD_", "AFTERWORD_secret_key"])
def test_a_misspelt_variable_is_refused_and_its_value_not_shown(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: is no variable") as caught:
        Environment.from_mapping({name: SECRET})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["AFTERWORD_SETTINGS", "AFTERWORD_CORPORA", "AFTERWORD_TEST_URL", "AFTERWORDS"]
)
def test_variables_of_the_command_line_the_tests_and_others_are_let_be(name: str) -> None:
    assert Environment.from_mapping({name: "x"}) == Environment()


@pytest.mark.parametrize("name", ["AFTERWORD_SECRET_KEY", "AFTERWORD_PULL_TOKEN"])
@pytest.mark.parametrize("weak", ["x", TOO_SHORT, f"{SECRET} {TOO_SHORT}", " ", " " * 40])
def test_a_password_that_can_be_guessed_is_refused_and_not_shown(name: str, weak: str) -> None:
    with pytest.raises(SettingsError, match="at least 32") as caught:
        Environment.from_mapping({name: weak})
    assert caught.value.name == name
    assert SECRET not in str(caught.value)
    assert TOO_SHORT not in str(caught.value)


def test_several_keys_may_be_given_for_the_time_of_a_change() -> None:
    keys = f"{'o' * 32} {'n' * 32}"
    assert Environment.from_mapping({"AFTERWORD_SECRET_KEY": keys}).secret_key == keys


def test_mail_needs_a_sender() -> None:
    smtp = {"AFTERWORD_SMTP_URL": f"smtp://ann:{SECRET}@mail.example"}
    with pytest.raises(SettingsError, match="AFTERWORD_MAIL_FROM") as caught:
        Environment.from_mapping(smtp)
    assert SECRET not in str(caught.value)
    Environment.from_mapping(smtp | {"AFTERWORD_MAIL_FROM": "blog@example.org"})


def test_everything_private_lies_in_one_folder() -> None:
    assert Environment().folder == Path("var")
    assert Environment.from_mapping({"AFTERWORD_VAR": "/srv/blog"}).folder == Path("/srv/blog")
