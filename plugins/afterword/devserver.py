"""`make serve`: the site on one port, built anew and reloaded when a source file changes.

One process with everything loaded builds all the time into the same folder, where each file is
replaced whole and only where it changed. A build that fails leaves the last good pages standing.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from afterword.asgi import App
from afterword.errors import PortTaken
from afterword.preview import BUILDS_URL, Preview
from afterword.rebuilding import Rebuilding

HOST: Final = "127.0.0.1"

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
        routes=[Route(BUILDS_URL, builds), *beside, Mount("/", preview)], lifespan=lifespan
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
    rebuilding = Rebuilding(
        Path(settings_file),
        address,
        output=output,
        state=folder / "state",
        private=private,
        done=preview.finished,
        say=say,
    )
    config = uvicorn.Config(
        application(preview, rebuilding.run, guest),
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    with suppress(KeyboardInterrupt):
        _Server(config, preview).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that does not wait for browsers: each holds a stream of builds open for ever."""

    def __init__(self, config: uvicorn.Config, preview: Preview) -> None:
        super().__init__(config)
        self._preview = preview

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._preview.end()


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise PortTaken(port, error.strerror or str(error)) from None
    return listener
