"""The password and the sessions."""

from datetime import timedelta
from itertools import count

from afterword.admin.login import ATTEMPTS, SESSION, WINDOW, Login, new_password
from afterword.store.memory import MemoryStore
from tests.afterword.store.conftest import Clock


def login(clock: Clock) -> Login:
    numbers = count()
    return Login(MemoryStore(clock), clock, lambda: f"token{next(numbers)}")


def test_only_the_first_password_is_set_at_first_start() -> None:
    one = login(Clock())
    assert one.set_first("first")
    assert not one.set_first("second")
    assert one.enter("first", "a")
    assert one.enter("second", "a") is None


def test_a_session_ends_by_itself_and_by_leaving() -> None:
    clock = Clock()
    one = login(clock)
    one.set("secret")
    session, other = one.enter("secret", "a"), one.enter(" secret\n", "a")
    assert session
    assert other
    assert one.is_open(session)
    one.leave(session)
    assert not one.is_open(session)
    assert one.is_open(other)
    clock.now += SESSION
    assert not one.is_open(other)
    assert not one.is_open("")


def test_after_too_many_attempts_even_the_right_one_waits() -> None:
    clock = Clock()
    one = login(clock)
    one.set("secret")
    for _ in range(ATTEMPTS):
        assert one.enter("wrong", "a") is None
    assert one.enter("secret", "a") is None
    assert one.enter("secret", "b")
    clock.now += WINDOW + timedelta(seconds=1)
    assert one.enter("secret", "a")


def test_the_store_holds_neither_password_nor_session() -> None:
    clock = Clock()
    store = MemoryStore(clock)
    one = Login(store, clock, lambda: "the-token")
    one.set("secret")
    session = one.enter("secret", "a")
    assert session
    kept = repr(store._state)
    assert "secret" not in kept
    assert "session:the-token" not in kept


def test_passwords_are_long_and_never_the_same() -> None:
    made = {new_password() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 30


def test_without_a_password_nobody_enters() -> None:
    assert login(Clock()).enter("", "a") is None
