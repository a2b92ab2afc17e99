"""The site as its builds leave it, shown to browsers that reload when there is more."""

import asyncio
import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILDS_URL: Final = "/_afterword/builds"
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


class Preview(StaticFiles):
    """What the builds have left in a folder; pages get the few lines that reload them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(directory=folder, html=True)
        # Another than any that a browser may have from a preview before.
        self.number = int(time.time())
        # Of a first build nothing is shown before it has come to its end.
        self._whole = any(folder.iterdir())
        self._next = asyncio.Event()
        self._ended = False

    def finished(self) -> None:
        """Take note that a build has come to a good end."""
        self._whole = True
        self.number += 1
        self._next.set()
        self._next = asyncio.Event()

    def end(self) -> None:
        """Let go of all who wait for another build."""
        self._ended = True
        self._next.set()

    async def numbers(self) -> AsyncIterator[int]:
        """Yield the number of the last good build, now and whenever there is another."""
        while not self._ended:
            following = self._next
            yield self.number
            await following.wait()

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


def _page(text: str, number: int, status: int) -> Response:
    return HTMLResponse(text + _RELOADER.format(url=BUILDS_URL, number=number), status)
