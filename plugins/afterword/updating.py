"""Bringing the site up to date after responses have changed: by as little as will do.

Finished pages get the new texts. What that cannot do is built, and so is all where builds do not
remember what they make.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from afterword import building
from afterword.building import Outcome
from afterword.configuration import Configuration
from afterword.errors import BuildFailed
from afterword.publishing import Publisher, Result
from incremental.releases import Releases
from incremental.shelf import Refused, Shelf


@dataclass(frozen=True, slots=True)
class Update:
    """What was published, and how a build ended, if there had to be one."""

    result: Result
    built: Outcome | None = None


class Updater:
    """Keeps the site in the folder ``output`` up to date, or the release that is live there.

    ``folder`` is for what is built aside. ``waiting`` is called, once in each update, if somebody
    else is long about what has to come first.
    """

    def __init__(
        self,
        configuration: Configuration,
        output: Path,
        folder: Path,
        clock: Callable[[], datetime],
        waiting: Callable[[], object] = lambda: None,
    ) -> None:
        self._configuration = configuration
        self._output = output
        self._folder = folder
        self._clock = clock
        self._waiting = waiting
        self._told = False
        self._publishers: dict[Path, Publisher] = {}

    def update(self, keys: Collection[str] | None = None, *, build: bool = True) -> Update:
        """Publish what has changed of the responses to these entries, or to all.

        Without ``build`` nothing is done where only a build will do. Raises BuildFailed and
        ResponsesLeftOut; of what was there before, every page stays whole then.
        """
        self._told = False
        shelf = Shelf.at(self._output)
        if shelf.is_used():
            return self._renew(shelf, keys, build=build)
        return self._in(self._output, keys, build=build)

    def _renew(self, shelf: Shelf, keys: Collection[str] | None, *, build: bool) -> Update:
        """Bring the release that is live up to date, unless it was rolled back to."""
        done: list[Update] = []

        def update(staging: Path) -> Collection[str] | None:
            done.append(self._in(staging, keys, build=build))
            if not build and done[0].result.needed:
                raise _Needed
            return None if done[0].built else done[0].result.files

        try:
            Releases(shelf, self._clock, self._tell).amend(update)
        except _Needed:
            pass
        except (Refused, OSError) as error:
            raise BuildFailed(str(error)) from error
        return done[0]

    def _in(self, output: Path, keys: Collection[str] | None, *, build: bool) -> Update:
        state = self._configuration.state
        if state is None:
            result = Result(needed={"": "the plugin incremental does not build this site"})
        else:
            own = Publisher(output, state, self._clock, self._tell)
            publisher = self._publishers.setdefault(output, own)
            result = publisher.publish(self._configuration, keys)
        if not (result.needed and build):
            return Update(result)
        outcome = self._build(output, remembering=state is not None)
        if not outcome.ok:
            raise BuildFailed(outcome.log[-2000:])
        return Update(result, outcome)

    def _build(self, output: Path, *, remembering: bool) -> Outcome:
        file = str(self._configuration.file)
        pelican = building.pelican_build(file, remembering=remembering)
        if remembering:
            return pelican(output)
        return building.into_place(pelican, output, self._folder, self._tell)

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self._waiting()


class _Needed(Exception):  # a finding, not a fault
    """Only a build will do, and nobody wants one."""
