"""`make serve`: the site on one port, built anew and reloaded when a source file changes.

One process with everything loaded builds all the time into the same folder, where each file is
replaced whole and only where it changed. A build that fails leaves the last good pages standing.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from afterword.asgi import App
from afterword.errors import PortTaken
from incremental.resident import Built, Resident
from incremental.watching import Watch

HOST: Final = "127.0.0.1"
_BUILDS_URL: Final = "/_afterword/builds"
_RELOADER: Final = """<script>
new EventSource("{url}").onmessage = e => {{ if (e.data !== "{number}") location.reload() }};
</script>"""
_NO_SITE: Final = (
    "<!doctype html><html lang=en><title>No site yet</title>"
    "<p>The first build goes on, or it has failed; the terminal says which, and why. "
    "This page reloads when it succeeds.</p></html>"
)
_NO_PAGE: Final = (
    "<!doctype html><html lang=en><title>No such page</title>"
    "<p>There is no page at this address. If a build makes one, it is shown here.</p></html>"
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


class Preview(StaticFiles):
    """What the builds have left in a folder, for browsers that reload when there is more.

    Pages get the few lines that do so.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(directory=folder, html=True)
        # Another than any that a browser may have from a preview before.
        self.number = int(time.time())
        # Of a first build nothing is shown before it has come to its end.
        self._whole = any(folder.iterdir())
        self._finished = asyncio.Condition()

    async def finished(self) -> None:
        """Take note that a build has come to a good end."""
        async with self._finished:
            self._whole = True
            self.number += 1
            self._finished.notify_all()

    async def numbers(self) -> AsyncIterator[int]:
        """Yield the number of the last good build, now and whenever there is another."""
        while True:
            yield self.number
            async with self._finished:
                await self._finished.wait()

    async def get_response(self, path: str, scope: Scope) -> Response:
        number = self.number
        if not self._whole:
            return _page(_NO_SITE, number, HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            response = await super().get_response(path, scope)
            if isinstance(response, FileResponse) and str(response.path).endswith(".html"):
                text = await asyncio.to_thread(Path(response.path).read_text, encoding="utf-8")
                response = _page(text, number, response.status_code)
        except (HTTPException, FileNotFoundError) as error:
            if isinstance(error, HTTPException) and error.status_code != HTTPStatus.NOT_FOUND:
                raise
            response = _page(_NO_PAGE, number, HTTPStatus.NOT_FOUND)
        response.headers["Cache-Control"] = "no-store"
        return response


def application(
    preview: Preview, building: Callable[[], Awaitable[None]], guest: Guest | None = None
) -> App:
    """Return the preview as an ASGI application, with ``building`` going on while it runs."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.ensure_future(building())
        if guest:
            guest.start()
        yield
        if guest:
            guest.end()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def builds(_: Request) -> StreamingResponse:
        events = (f"data: {number}\n\n" async for number in preview.numbers())
        return StreamingResponse(events, media_type="text/event-stream")

    beside = guest.routes if guest else ()
    app = Starlette(
        routes=[Route(_BUILDS_URL, builds), *beside, Mount("/", preview)], lifespan=lifespan
    )
    return guest.guarded(app) if guest else app


def serve(
    settings_file: str, port: int, private: Path, say: Callable[[str], None], invite: Invite
) -> None:
    """Build and serve the site until Ctrl-C, with what ``invite`` returns beside it.

    What is built stays below the folder ``private`` for the next time. Raises PortTaken before
    anything is built.
    """
    listener = _listen(port)
    address = f"http://{HOST}:{port}"
    # Pages know their address: previews at two ports are two sites.
    folder = private.resolve() / "serve" / str(port)
    output = folder / "output"
    preview = Preview(output)
    guest = invite(address, lambda: output)
    say(f"Serving {address} (Ctrl-C ends it)")
    if guest:
        say(f"The moderator's pages are at {address}/moderate/")
    overrides = {
        "SITEURL": address,
        "OUTPUT_PATH": str(output),
        "INCREMENTAL_STATE": str(folder / "state"),
    }
    building = partial(
        _build_on_change,
        preview,
        Resident(settings_file, overrides),
        Watch(private),
        settings_file,
        say,
    )
    config = uvicorn.Config(
        application(preview, building, guest),
        log_level="warning",
        timeout_graceful_shutdown=1,  # a browser holds its stream of builds open for ever
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


async def _build_on_change(
    preview: Preview,
    resident: Resident,
    watch: Watch,
    settings_file: str,
    say: Callable[[str], None],
) -> None:
    """Build, and again whenever something has changed; one build at a time."""
    try:
        await watch.over(_folders(settings_file), [Path(settings_file)])
        while True:
            built = await resident.build()
            _report(built, say)
            if built.ok:
                await preview.finished()
            # What nobody has watched so far may have changed already.
            if not (built.folders and await watch.over(built.folders, built.files)):
                await watch.change()
    except OSError as error:
        say(f"Changes are not noticed any more: {error}")
    finally:
        await watch.end()
        await resident.end()


def _report(built: Built, say: Callable[[str], None]) -> None:
    say(built.log.strip())
    if not built.ok:
        say("The build failed; the last good pages are still shown.")


def _folders(settings_file: str) -> list[Path]:
    """Where a site's files usually are; the first build tells where they really are."""
    here = Path(settings_file).resolve().parent
    return [here / name for name in ("content", "theme", "plugins")]


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise PortTaken(port, error.strerror or str(error)) from None
    return listener


def _page(text: str, number: int, status: int) -> Response:
    return HTMLResponse(text + _RELOADER.format(url=_BUILDS_URL, number=number), status)
