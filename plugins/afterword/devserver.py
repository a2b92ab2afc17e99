"""`make serve`: the site on one port, built anew and reloaded when a source file changes.

Every build goes to a folder of its own and is shown only when it is whole, so that a reader of
the preview never meets half a site, and a build that fails leaves the last good one standing.
"""

import asyncio
import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
import watchfiles
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from afterword.errors import PortTaken

HOST: Final = "127.0.0.1"
_BUILDS_URL: Final = "/_afterword/builds"
_RELOADER: Final = """<script>
new EventSource("{url}").onmessage = e => {{ if (e.data !== "{number}") location.reload() }};
</script>"""
_NO_SITE: Final = (
    "<!doctype html><html lang=en><title>No site yet</title>"
    "<p>The first build has failed; the terminal says why. "
    "This page reloads when it succeeds.</p></html>"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build ended, and what it printed."""

    ok: bool
    log: str


Build = Callable[[Path], Outcome]


def pelican_build(settings_file: str, siteurl: str) -> Build:
    """Return a function that builds the site into a folder, in an interpreter of its own.

    A fresh interpreter sees edited plugins and settings, and a build that dies takes nothing
    with it.
    """

    def build(output: Path) -> Outcome:
        command = [sys.executable, "-m", "pelican", "-s", settings_file, "-o", str(output)]
        command += ["--fatal", "errors", "--log-handler", "plain"]
        command += ["-e", f"SITEURL={json.dumps(siteurl)}"]
        run = subprocess.run(  # noqa: S603  # our own command line
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return Outcome(run.returncode == 0, run.stdout)

    return build


class Preview:
    """The latest good build, and those who wait for the next one."""

    def __init__(self, build: Build, folder: Path) -> None:
        self.number = 0
        self._build = build
        self._folder = folder
        self._root: Path | None = None
        self._files: StaticFiles | None = None
        self._finished = asyncio.Condition()

    async def rebuild(self) -> Outcome:
        """Build into a new folder, and show that instead of the last if it succeeds."""
        root = Path(tempfile.mkdtemp(prefix="build-", dir=self._folder))
        outcome = await asyncio.to_thread(self._build, root)
        if not outcome.ok:
            shutil.rmtree(root)
            return outcome
        async with self._finished:
            last, self._root = self._root, root
            self.number += 1
            self._files = _Pages(root, self.number)
            self._finished.notify_all()
        if last:
            shutil.rmtree(last)
        return outcome

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a file of the site, as an ASGI application."""
        missing = HTMLResponse(_with_reloader(_NO_SITE, self.number), status_code=503)
        await (self._files or missing)(scope, receive, send)

    async def numbers(self) -> AsyncIterator[int]:
        """Yield the number of the build that is shown, now and whenever it changes."""
        while True:
            yield self.number
            async with self._finished:
                await self._finished.wait()


class _Pages(StaticFiles):
    """One build's files; pages get the few lines that reload them."""

    def __init__(self, root: Path, number: int) -> None:
        super().__init__(directory=root, html=True)
        self._number = number

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-store"
        if not isinstance(response, FileResponse) or not str(response.path).endswith(".html"):
            return response
        text = await asyncio.to_thread(Path(response.path).read_text, encoding="utf-8")
        return HTMLResponse(
            _with_reloader(text, self._number),
            status_code=response.status_code,
            headers={"Cache-Control": "no-store"},
        )


def application(preview: Preview, watched: Sequence[Path], say: Callable[[str], None]) -> Starlette:
    """Return the preview as an ASGI application that rebuilds while it runs."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(_rebuild_on_change(preview, watched, say))
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def builds(_: Request) -> StreamingResponse:
        events = (f"data: {number}\n\n" async for number in preview.numbers())
        return StreamingResponse(events, media_type="text/event-stream")

    return Starlette(
        routes=[Route(_BUILDS_URL, builds), Mount("/", preview)],
        lifespan=lifespan,
    )


def serve(settings_file: str, port: int, folder: Path, say: Callable[[str], None]) -> None:
    """Build and serve the site until Ctrl-C. Raises PortTaken before anything is built."""
    listener = _listen(port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    address = f"http://{HOST}:{port}"
    preview = Preview(pelican_build(settings_file, address), folder)
    say(f"Serving {address} (Ctrl-C ends it)")
    config = uvicorn.Config(
        application(preview, _sources(settings_file), say),
        log_level="warning",
        timeout_graceful_shutdown=1,  # a browser holds its stream of builds open for ever
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _rebuild_on_change(
    preview: Preview, watched: Sequence[Path], say: Callable[[str], None]
) -> None:
    _report(await preview.rebuild(), say)
    async for _ in watchfiles.awatch(*watched):
        _report(await preview.rebuild(), say)


def _report(outcome: Outcome, say: Callable[[str], None]) -> None:
    say(outcome.log.strip())
    if not outcome.ok:
        say("The build failed; the last good one is still shown.")


def _sources(settings_file: str) -> list[Path]:
    here = Path(settings_file).resolve().parent
    names = ("content", "theme", "plugins", Path(settings_file).name)
    return [here / name for name in names if (here / name).exists()]


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise PortTaken(port, error.strerror or str(error)) from None
    return listener


def _with_reloader(page: str, number: int) -> str:
    return page + _RELOADER.format(url=_BUILDS_URL, number=number)
