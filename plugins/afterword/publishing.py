"""Publishing what has changed of the responses in finished pages, lists and feeds, without a build.

What a build has left tells how. Where that does not reach, nothing is written, and whoever asked
is told which page needs a build, and why.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from afterword.configuration import Configuration
from afterword.conversations import ResponseReader
from afterword.edition import AlsoChanged, Edition
from afterword.errors import BuildFailed
from afterword.handover import Handover
from afterword.likeness import Unlike
from afterword.parts import NEWEST
from afterword.render import Renderer
from incremental.folders import Folders
from incremental.journal import recover
from incremental.splicing import Interfered
from incremental.state import State, file_for
from incremental.turns import taking_turns

_NO_BUILD = "no build has come to its end here that leaves what is needed"


@dataclass(frozen=True, slots=True)
class Result:
    """What was published: entries by key, and the names of the files that are others now.

    If only a build will do, nothing has been written, and ``needed`` says why: by the page or
    the entry that needs it, or under an empty name for the whole site. ``problems`` are what an
    author should mend.
    """

    entries: Collection[str] = ()
    files: Sequence[str] = ()
    problems: Sequence[str] = ()
    needed: Mapping[str, str] = field(default_factory=dict)

    @property
    def reasons(self) -> Sequence[str]:
        """Why a build is needed, a line each."""
        return [f"{name}: {why}" if name else why for name, why in self.needed.items()]


class Publisher:
    """Publishes the responses of a site that was built into the folder ``output``.

    ``state`` is the folder in which builds remember what they have made. Any number of processes
    and threads may do so, and build, at the same time: they take turns, and ``waiting`` is called
    if another is long about it.
    """

    def __init__(
        self,
        output: Path,
        state: Path,
        clock: Callable[[], datetime],
        waiting: Callable[[], object] | None = None,
    ) -> None:
        self._output = output
        self._memory = file_for(state, output)
        self._clock = clock
        self._waiting = waiting
        self._left = b""
        self._handover: Handover | None = None
        self._renderer: Renderer | None = None

    def publish(self, wanted: Configuration, keys: Collection[str] | None = None) -> Result:
        """Publish what has changed of the responses to these entries, or to all.

        ``wanted`` is the site as its settings file describes it now. Raises ResponsesLeftOut and
        BuildFailed.
        """
        if not self._memory.is_file():
            return Result(needed={"": _NO_BUILD})
        with (
            taking_turns(self._memory.with_suffix(".lock"), self._waiting),
            State.open(self._memory) as state,
        ):
            try:
                handover, renderer = self._prepared(state.left(), wanted)
                return self._publish(state, handover, renderer, keys)
            except Unlike as reason:
                return Result(needed={"": str(reason)})
            except Interfered as error:
                return Result(needed={error.name: "somebody else changes it at this moment"})
            except OSError as error:
                raise BuildFailed(str(error)) from error

    def _publish(
        self,
        state: State,
        handover: Handover,
        renderer: Renderer,
        keys: Collection[str] | None,
    ) -> Result:
        root = Path(handover.root)
        # What shows the newest of all follows from what has changed.
        interrupted = recover(self._output, state) - {NEWEST}
        folders = Folders(root, ResponseReader(root), Path(handover.memory))
        wanted = {*keys, *interrupted} if keys is not None else None
        while True:
            edition = Edition(self._output, state, handover.site, renderer, folders)
            try:
                edition.take(edition.changed() if wanted is None else wanted)
                if not edition.needed:
                    edition.decide()
            except AlsoChanged as also:
                wanted = {*(edition.keys if wanted is None else wanted), also.key}
                continue
            if edition.needed:
                return Result(problems=edition.problems(root), needed=edition.needed)
            return Result(edition.keys, edition.write(), edition.problems(root))

    def _prepared(self, left: bytes, wanted: Configuration) -> tuple[Handover, Renderer]:
        """What the last build has handed over, and what renders as it has. Raises Unlike."""
        now = self._clock()
        if not left:
            raise Unlike(_NO_BUILD)
        if left != self._left or self._renderer is None or self._handover is None:
            self._left, self._renderer, self._handover = left, None, Handover.load(left)
            if self._handover is None:
                raise Unlike("another version of this program has built the site")
            self._renderer = self._handover.renderer(now)
        if changed := self._handover.difference(wanted):
            raise Unlike(f"{changed} is not what it was when the site was built")
        self._handover.check(self._renderer)
        return self._handover, replace(self._renderer, now=now)
