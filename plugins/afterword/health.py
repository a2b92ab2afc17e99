"""Whether the service lives, is ready, and how it is doing."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from afterword.book import Book
from afterword.errors import AfterwordError
from afterword.gate import Traffic
from afterword.store import Store

# Less than this on the disk, and the next backup or build may not fit.
_LEAST_BYTES: Final = 50_000_000


@dataclass(frozen=True)
class Health:
    """Answers /healthz, /readyz and /metrics."""

    store: Store
    book: Book
    folder: Path
    traffic: Traffic

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What to serve, and where."""
        return [
            Route("/healthz", self._alive, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
            Route("/metrics", self._metrics, methods=["GET"]),
        ]

    async def _alive(self, _: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def _ready(self, _: Request) -> Response:
        troubles = await run_in_threadpool(self._troubles)
        answer = {"ready": not troubles, "troubles": troubles}
        return JSONResponse(answer, 503 if troubles else 200)

    def _troubles(self) -> list[str]:
        found = []
        for check in (self.store.check, self.book.entries):
            try:
                check()
            except AfterwordError as error:
                found.append(str(error))
        folder = self.folder.absolute()
        there = next(each for each in (folder, *folder.parents) if each.exists())
        if shutil.disk_usage(there).free < _LEAST_BYTES:
            found.append("the disk is nearly full")
        return found

    async def _metrics(self, _: Request) -> Response:
        text = await run_in_threadpool(self._text)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    def _text(self) -> str:
        """Prometheus's text format, version 0.0.4; requests are counted by each process."""
        process = f'process="{os.getpid()}"'
        changes = self.store.changes()
        lines = ["# TYPE afterword_submissions gauge"]
        for status, number in self.store.counts().items():
            lines.append(f'afterword_submissions{{status="{status}"}} {number}')
        for name, value in (
            ("mail_waiting", self.store.waiting()),
            ("changes_unbuilt", max(0, changes.made - changes.built)),
        ):
            lines += [f"# TYPE afterword_{name} gauge", f"afterword_{name} {value}"]
        lines.append("# TYPE afterword_requests_total counter")
        for (method, route, code), number in sorted(self.traffic.answers.items()):
            labels = f'{process},method="{method}",route="{route}",status="{code}"'
            lines.append(f"afterword_requests_total{{{labels}}} {number}")
        lines += [
            "# TYPE afterword_request_seconds_total counter",
            f"afterword_request_seconds_total{{{process}}} {self.traffic.seconds:.6f}",
            "# TYPE afterword_requests_in_progress gauge",
            f"afterword_requests_in_progress{{{process}}} {self.traffic.busy}",
        ]
        return "\n".join(lines) + "\n"
