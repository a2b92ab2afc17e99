"""Those who come at the same time are kept together, and answered each for itself."""

import asyncio
import threading
from collections.abc import Generator, Sequence
from datetime import timedelta

import pytest
from starlette.responses import PlainTextResponse, Response

from afterword.antispam import Circumstances
from afterword.errors import LimitReached, StoreError
from afterword.intake.line import Line, together
from afterword.moderation import Arrival, Received
from tests.afterword.store.conftest import NOW
from tests.afterword.store.samples import sample

SENT = Circumstances(honeypot="", form_age=timedelta(minutes=1))
LATER = NOW + timedelta(minutes=1)


def steps(number: int) -> Generator[Arrival, Received, Response]:
    """Bring one response, and say what became of it."""
    try:
        kept, is_new = yield Arrival(sample(number), SENT)
    except LimitReached:
        return PlainTextResponse("later", 429)
    except StoreError:
        return PlainTextResponse("trouble", 503)
    return PlainTextResponse(f"{kept.body} {is_new}")


def refused(_: int) -> Generator[Arrival, Received, Response]:
    """Bring nothing, and be answered."""
    yield from ()
    return PlainTextResponse("refused", 422)


def kept(arrivals: Sequence[Arrival]) -> Sequence[Received | Exception]:
    return [(each.new, True) for each in arrivals]


def texts(answers: Sequence[Response | Exception]) -> list[str]:
    return [
        bytes(each.body).decode() if isinstance(each, Response) else type(each).__name__
        for each in answers
    ]


def test_each_is_answered_for_itself_and_in_its_place() -> None:
    def receive(arrivals: Sequence[Arrival]) -> Sequence[Received | Exception]:
        one, _, three = arrivals
        return [(one.new, True), LimitReached("flood", LATER), (three.new, False)]

    answers = together([steps(1), refused(0), steps(2), steps(3)], receive)
    assert texts(answers) == [
        f"{sample(1).body} True",
        "refused",
        "later",
        f"{sample(3).body} False",
    ]


def test_one_that_breaks_everything_breaks_only_itself() -> None:
    def receive(arrivals: Sequence[Arrival]) -> Sequence[Received | Exception]:
        if any(each.new.id == sample(2).id for each in arrivals):
            raise ZeroDivisionError
        return kept(arrivals)

    answers = together([steps(1), steps(2), steps(3)], receive)
    assert texts(answers) == [
        f"{sample(1).body} True",
        "ZeroDivisionError",
        f"{sample(3).body} True",
    ]


def test_a_store_in_trouble_is_said_to_each() -> None:
    def receive(_: Sequence[Arrival]) -> Sequence[Received | Exception]:
        raise StoreError("the disk is full")

    assert texts(together([steps(1), steps(2)], receive)) == ["trouble", "trouble"]


def test_those_who_come_meanwhile_are_kept_together() -> None:
    sizes: list[int] = []
    first_is_in, others_wait = threading.Event(), threading.Event()

    def receive(arrivals: Sequence[Arrival]) -> Sequence[Received | Exception]:
        sizes.append(len(arrivals))
        first_is_in.set()
        assert others_wait.wait(10)
        return kept(arrivals)

    async def arrive() -> list[Response]:
        line = Line(receive)
        first = asyncio.create_task(line.answer(steps(0)))
        await asyncio.to_thread(first_is_in.wait, 10)
        others = [asyncio.create_task(line.answer(steps(n))) for n in range(1, 6)]
        await asyncio.sleep(0)
        others_wait.set()
        return list(await asyncio.gather(first, *others))

    answers = asyncio.run(arrive())
    assert sizes == [1, 5]
    assert texts(answers) == [f"{sample(n).body} True" for n in range(6)]


def test_a_line_goes_on_after_it_was_empty_and_after_trouble() -> None:
    def receive(arrivals: Sequence[Arrival]) -> Sequence[Received | Exception]:
        if arrivals[0].new.id == sample(1).id:
            raise ZeroDivisionError
        return kept(arrivals)

    async def arrive() -> list[Response]:
        line = Line(receive)
        with pytest.raises(ZeroDivisionError):
            await line.answer(steps(1))
        return [await line.answer(steps(2)), await line.answer_alone(steps(3))]

    assert texts(asyncio.run(arrive())) == [f"{sample(2).body} True", f"{sample(3).body} True"]


def test_who_takes_their_time_keeps_nobody_else_waiting() -> None:
    may_end = threading.Event()

    def receive(arrivals: Sequence[Arrival]) -> Sequence[Received | Exception]:
        if arrivals[0].new.id == sample(1).id:
            assert may_end.wait(10)
        return kept(arrivals)

    async def arrive() -> tuple[Response, Response]:
        line = Line(receive)
        slow = asyncio.create_task(line.answer_alone(steps(1)))
        quick = await line.answer(steps(2))
        may_end.set()
        return await slow, quick

    assert len(asyncio.run(arrive())) == 2
