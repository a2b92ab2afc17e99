"""What was said while a file was read is said again."""

import logging
from collections.abc import Iterator

import pytest
from pelican.log import FatalLogger, LimitFilter

from incremental.notes import repeat, silence, taking_notes
from incremental.values import NotPlain

log = logging.getLogger("tests.notes")


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing has been said before."""
    monkeypatch.setattr(LimitFilter, "_raised_messages", set())
    monkeypatch.setattr(LimitFilter, "_group_count", type(LimitFilter._group_count)(int))
    yield
    assert logging.getLogRecordFactory() is logging.LogRecord


def test_warnings_come_again_as_they_were(caplog: pytest.LogCaptureFixture) -> None:
    with taking_notes() as notes:
        log.info("Nothing.")
        log.warning("A %s of %d", "thing", 3)
        log.error("100%")
    first = [(each.name, each.levelno, each.msg, each.args) for each in caplog.records]
    caplog.clear()
    LimitFilter._raised_messages.clear()
    repeat(notes.dump())
    assert [(each.name, each.levelno, each.msg, each.args) for each in caplog.records] == first
    assert len(first) == 2


def test_of_what_is_said_often_all_is_noted_and_some_said(caplog: pytest.LogCaptureFixture) -> None:
    with taking_notes() as notes:
        for number in range(9):
            log.warning("No. %d", number, extra={"limit_msg": "And %s more", "limit_args": ("so",)})
    assert [each.getMessage() for each in caplog.records][4:] == ["And so more"]
    caplog.clear()
    LimitFilter._raised_messages.clear()
    LimitFilter._group_count.clear()
    repeat(notes.dump())
    assert [each.getMessage() for each in caplog.records][3:] == ["No. 3", "And so more"]


def test_a_warning_that_counts_as_a_failure_does_so_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(log, FatalLogger)
    with taking_notes() as notes:
        log.warning("Bad.")
    LimitFilter._raised_messages.clear()
    monkeypatch.setattr(FatalLogger, "fatal_lvl", logging.WARNING)
    with pytest.raises(RuntimeError):
        repeat(notes.dump())


def test_notes_within_notes_belong_to_both() -> None:
    with taking_notes() as outer:
        log.warning("One.")
        with taking_notes() as inner:
            log.warning("Two.")
    assert "One." in outer.dump()
    assert "Two." in outer.dump()
    assert "One." not in inner.dump()


def test_where_nothing_is_said_nothing_is_noted() -> None:
    with taking_notes() as notes:
        log.debug("Not even this.")
    assert notes.dump() == ""
    repeat("")


@pytest.mark.parametrize("argument", [object(), ["a"], {"a": "b"}])
def test_what_is_no_text_cannot_be_noted(argument: object) -> None:
    with taking_notes() as notes:
        log.warning("%s", argument)
    with pytest.raises(NotPlain):
        notes.dump()


def test_neither_can_a_failure() -> None:
    with taking_notes() as notes:
        log.error("Failed.", exc_info=ValueError())
    with pytest.raises(NotPlain):
        notes.dump()


def test_in_silence_nothing_is_heard(capfd: pytest.CaptureFixture[str]) -> None:
    handlers = logging.getLogger().handlers
    with silence(), taking_notes() as notes:
        log.warning("Nobody hears.")
    assert capfd.readouterr() == ("", "")
    assert "Nobody hears." in notes.dump()
    assert logging.getLogger().handlers is handlers
