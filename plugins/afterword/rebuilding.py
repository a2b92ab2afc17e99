"""Keeping a preview up to date: by as little as will do for what has changed."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from afterword.configuration import Configuration
from afterword.errors import AfterwordError, SettingsError
from afterword.publishing import Publisher, Result
from incremental.resident import Resident
from incremental.watching import Watch


class Rebuilding:
    """Builds a site for an address whenever something has changed; one build at a time.

    It goes to the folders ``output`` and ``state``; nothing below ``private`` counts as a change.
    ``done`` is called when there is something new to be seen, ``say`` with what there is to say.
    """

    def __init__(  # noqa: PLR0913  # one place says what a preview is made of
        self,
        settings_file: Path,
        address: str,
        *,
        output: Path,
        state: Path,
        private: Path,
        done: Callable[[], object],
        say: Callable[[str], object],
    ) -> None:
        self._settings_file = settings_file
        self._address = address
        self._clock = partial(datetime.now, UTC)
        self._watch = Watch(private)
        overrides = {
            "SITEURL": address,
            "OUTPUT_PATH": str(output),
            "INCREMENTAL_STATE": str(state),
        }
        self._resident = Resident(str(settings_file), overrides, say)
        self._publisher = Publisher(output, state, self._clock, self._say_waiting)
        self._done = done
        self._say = say

    async def run(self) -> None:
        """Build until cancelled."""
        try:
            await self._watch.over(_folders(self._settings_file), [self._settings_file])
            while True:
                await self._build()
        except OSError as error:
            self._say(f"Changes are not noticed any more: {error}")
        finally:
            await self._watch.end()
            await self._resident.end()

    async def _build(self) -> None:
        """Build, and wait until that has to be done once more."""
        began = self._clock()
        built = await self._resident.build()
        self._say(built.log.strip())
        if built.ok:
            self._done()
        else:
            self._say("The build failed; the last good pages are still shown.")
        if built.folders and await self._watch.over(built.folders, built.files, began):
            return  # what nobody has watched so far has changed already
        site = await asyncio.to_thread(self._site) if built.ok else None
        while await self._published(site, changed := await self._watch.change()):
            self._done()
        there = [path for path in changed if path.is_file()]
        if len(there) == 1 and await self._resident.glimpse(there[0]):
            self._done()

    async def _published(self, site: Configuration | None, changed: Collection[Path]) -> bool:
        """Whether all that has changed are responses, and they are in the finished pages now."""
        if site is None:
            return False
        root = site.comments.resolve()
        if not all(root in (path, *path.parents) for path in changed):
            return False
        # Of the folder itself nobody knows what has changed in it.
        entries = None if root in changed else {path.relative_to(root).parts[0] for path in changed}
        try:
            result: Result = await asyncio.to_thread(self._publisher.publish, site, entries)
        except AfterwordError:
            return False  # a build fails in the same way, and says more of it
        for problem in result.problems if not result.needed else ():
            self._say(problem)
        return not result.needed

    def _say_waiting(self) -> None:
        self._say("Somebody else is building this preview; waiting for the end of it")

    def _site(self) -> Configuration | None:
        """The site as its settings file describes it; None if that cannot be told."""
        try:
            return replace(Configuration.read(self._settings_file), siteurl=self._address)
        except SettingsError:
            return None


def _folders(settings_file: Path) -> list[Path]:
    """Where a site's files usually are; the first build tells where they really are."""
    here = settings_file.resolve().parent
    return [here / name for name in ("content", "theme", "plugins")]
