"""Those who arrive at the same time are served together.

What one thread does for many goes faster than what many threads do for one each: they would
only hand the interpreter to and fro. And the whole line shares one wait for the disk.
"""

import asyncio
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from afterword.moderation import Arrival, Received

# Yields what is to be kept, is sent what became of it, and returns the answer.
Steps = Generator[Arrival, Received, Response]
Receive = Callable[[Sequence[Arrival]], Sequence[Received | Exception]]


@dataclass
class Line:
    """Answers requests of one event loop, in turn and in one thread; ``receive`` keeps them."""

    receive: Receive
    _waiting: list[tuple[Steps, asyncio.Future[Response]]] = field(default_factory=list)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "line"))
    _serving: asyncio.Task[None] | None = None

    async def answer(self, steps: Steps) -> Response:
        """Go through the steps, together with all that wait. Raises what they raise."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((steps, future))
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())
        answer: Response = await future
        return answer

    async def answer_alone(self, steps: Steps) -> Response:
        """Go through steps that may take their time, and keep nobody else waiting."""
        (answer,) = await run_in_threadpool(together, [steps], self.receive)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            steps = [each for each, _ in batch]
            answers = await loop.run_in_executor(self._thread, together, steps, self.receive)
            for (_, future), answer in zip(batch, answers, strict=True):
                if future.done():  # whoever waited has gone
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
        self._serving = None


def together(every: Sequence[Steps], receive: Receive) -> Sequence[Response | Exception]:
    """Take all to where they have something to keep, keep it at once, and hear their answers."""
    answers: dict[int, Response | Exception] = {}
    arrivals: dict[int, Arrival] = {}
    for number, steps in enumerate(every):
        said = _step(steps.send, None)
        if isinstance(said, Arrival):
            arrivals[number] = said
        else:
            answers[number] = said
    for (number, _), kept in zip(
        arrivals.items(), _kept(list(arrivals.values()), receive), strict=True
    ):
        step = every[number].throw if isinstance(kept, Exception) else every[number].send
        answers[number] = _last(step, kept)
    return [answers[number] for number in range(len(every))]


def _last(go: Callable[[Any], Arrival], to: object) -> Response | Exception:
    said = _step(go, to)
    return TypeError("the steps go on") if isinstance(said, Arrival) else said


def _kept(arrivals: Sequence[Arrival], receive: Receive) -> Sequence[Received | Exception]:
    """What became of each; when all fail together, each is tried alone to find the culprit."""
    try:
        return receive(arrivals)
    except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to who brought it
        if len(arrivals) == 1:
            return [error]
    return [kept for each in arrivals for kept in _kept([each], receive)]


def _step(go: Callable[[Any], Arrival], to: object) -> Arrival | Response | Exception:
    try:
        return go(to)
    except StopIteration as end:
        answer: Response = end.value
        return answer
    except Exception as error:  # noqa: BLE001  # as above
        return error
