"""`make serve`: the site on one port, built anew and reloaded when a source file changes.

Every build goes to a folder of its own and is shown only when it is whole, so that a reader of
the preview never meets half a site, and a build that fails leaves the last good one standing.
"""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

import uvicorn
import watchfiles
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from afterword.asgi import App
from afterword.building import Build, Outcome, pelican_build
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


Output = Callable[[], Path]


class Guest(Protocol):
    """What is served beside the site, on the same port: the service that takes responses."""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What it serves."""

    def guarded(self, app: App) -> App:
        """Put before an app whatever its routes need there."""

    def start(self) -> None:
        """Begin its work in the background."""

    def end(self) -> None:
        """End it."""


Invite = Callable[[str, Output], Guest | None]


class Preview:
    """The latest good build, and those who wait for the next one."""

    def __init__(self, build: Build, folder: Path) -> None:
        self.number = 0
        self._build = build
        self._folder = folder
        self._root: Path | None = None
        self._files: StaticFiles | None = None
        self._finished = asyncio.Condition()

    def root(self) -> Path:
        """Where the build lies that is shown; there is nothing before the first."""
        return self._root or self._folder

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


def application(
    preview: Preview,
    watched: Sequence[Path],
    say: Callable[[str], None],
    guest: Guest | None = None,
) -> App:
    """Return the preview as an ASGI application that rebuilds while it runs."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(_rebuild_on_change(preview, watched, say))
        if guest:
            guest.start()
        yield
        if guest:
            guest.end()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def builds(_: Request) -> StreamingResponse:
        events = (f"data: {number}\n\n" async for number in preview.numbers())
        return StreamingResponse(events, media_type="text/event-stream")

    beside = guest.routes if guest else ()
    app = Starlette(
        routes=[Route(_BUILDS_URL, builds), *beside, Mount("/", preview)], lifespan=lifespan
    )
    return guest.guarded(app) if guest else app


def serve(
    settings_file: str, port: int, folder: Path, say: Callable[[str], None], invite: Invite
) -> None:
    """Build and serve the site until Ctrl-C, with what ``invite`` returns beside it.

    Raises PortTaken before anything is built.
    """
    listener = _listen(port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    address = f"http://{HOST}:{port}"
    preview = Preview(pelican_build(settings_file, address), folder)
    guest = invite(address, preview.root)
    say(f"Serving {address} (Ctrl-C ends it)")
    if guest:
        say(f"The moderator's pages are at {address}/moderate/")
    config = uvicorn.Config(
        application(preview, _sources(settings_file), say, guest),
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
