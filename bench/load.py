"""Many clients that post as fast as they are answered, and how long each had to wait."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_REFUSED: Final = 400


@dataclass(frozen=True)
class Result:
    """What a run came to. Times are in seconds."""

    statuses: Counter[int]
    seconds: float
    waits: tuple[float, ...]

    @property
    def accepted(self) -> int:
        """How many were taken."""
        return sum(number for status, number in self.statuses.items() if status < _REFUSED)

    @property
    def rate(self) -> float:
        """How many were taken in a second."""
        return self.accepted / self.seconds

    def quantile(self, part: float) -> float:
        """The wait that this part of all requests did not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


Request = Callable[[int], bytes]


async def closed(port: int, request: Request, connections: int, seconds: float) -> Result:
    """Each connection sends the next request when the last one has been answered."""
    statuses: Counter[int] = Counter()
    waits: list[float] = []
    number = iter(range(10**9))
    start = time.perf_counter()

    async def client() -> None:
        stays = False
        while time.perf_counter() - start < seconds:
            began = time.perf_counter()
            if not stays:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request(next(number)))
            status, stays = await answer(reader)
            waits.append(time.perf_counter() - began)
            statuses[status] += 1
            if not stays:
                writer.close()
        if stays:
            writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    return Result(statuses, time.perf_counter() - start, tuple(waits))


async def offered(port: int, request: Request, rate: float, seconds: float) -> Result:
    """So many requests a second, each on a connection of its own, whatever is answered."""
    statuses: Counter[int] = Counter()
    waits: list[float] = []
    start = time.perf_counter()

    async def once(number: int) -> None:
        began = time.perf_counter()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request(number))
            status, _ = await answer(reader)
            writer.close()
        except OSError:
            status = 599
        waits.append(time.perf_counter() - began)
        statuses[status] += 1

    tasks = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0, start + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(once(number)))
    await asyncio.gather(*tasks)
    return Result(statuses, time.perf_counter() - start, tuple(waits))


async def slow(port: int, head: bytes, connections: int) -> list[asyncio.StreamWriter]:
    """Open connections that begin a request and never end it."""
    writers = []
    for _ in range(connections):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        writers.append(writer)
    return writers


async def answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read an answer; return its status, and whether the connection stays open."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    status = int(lines[0].split()[1])
    fields = dict(line.split(b":", 1) for line in lines[1:] if line)
    if fields.get(b"transfer-encoding", b"").strip() == b"chunked":
        while await reader.readuntil(b"\r\n") != b"0\r\n":
            await reader.readuntil(b"\r\n")
        await reader.readuntil(b"\r\n")
    else:
        await reader.readexactly(int(fields.get(b"content-length", b"0")))
    stays = fields.get(b"connection", b"").strip() != b"close" and lines[0].startswith(b"http/1.1")
    return status, stays


async def until_answered(port: int, patience: float = 30) -> None:
    """Wait until somebody listens. Raises ConnectionRefusedError when nobody does in time."""
    deadline = time.perf_counter() + patience
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            if time.perf_counter() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
