"""Pelican's host: a build from its start to its end."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from pelican import Pelican, signals
from pelican.generators import (
    ArticlesGenerator,
    Generator,
    PagesGenerator,
    SourceFileGenerator,
    StaticGenerator,
)

from incremental.build import Build, running
from incremental.code import circumstances
from incremental.copies import SafeSources, SafeStatics
from incremental.garbage import leave_at_exit, left_lying
from incremental.generators import Listings, Pages
from incremental.glimpse import glimpse
from incremental.knowledge import Knowledge
from incremental.masters import Masters
from incremental.outputs import Outputs
from incremental.parsed import Parsed
from incremental.reading import Remembering
from incremental.settings import Settings, unknown_names
from incremental.state import State, file_for
from incremental.turns import taking_turns
from incremental.writer import SafeWriter

log: Final = logging.getLogger(__name__)

# The file system's clock may be behind the system's by so much, in nanoseconds.
_CLOCKS_DIFFER: Final = 100_000_000


def connect() -> None:
    """Connect the receivers, all of them module-level: Pelican's signals hold them weakly."""
    leave_at_exit()
    signals.initialized.connect(_take_over)
    signals.generator_init.connect(_follow)
    signals.all_generators_finalized.connect(_begin)
    signals.get_writer.connect(_writer)


def _take_over(pelican: Pelican) -> None:
    """Put a frame around each of the builds that this Pelican will run."""
    for name in unknown_names(pelican.settings):
        log.warning("%s: there is no such setting of incremental", name)
    settings = Settings.from_mapping(pelican.settings)
    if not settings.state:
        return
    pelican.masters = Masters()
    pelican.run = partial(_run, pelican, pelican.run, settings)
    pelican._get_generator_classes = partial(_generators, pelican, pelican._get_generator_classes)  # noqa: SLF001  # no other way


def _run(pelican: Pelican, build: Callable[[], None], settings: Settings) -> None:
    """Build, after whoever builds into the same folder at the moment."""
    output = Path(pelican.output_path)
    memory = file_for(Path(settings.state), output)
    lock = memory.with_suffix(".lock")
    parses = Path(settings.state, "parsed.sqlite3")
    today = datetime.now(UTC).astimezone().date()
    with (
        taking_turns(lock, _say_waiting),
        State.open(memory) as state,
        Parsed.open(parses) as parsed,
    ):
        pelican.knowledge = Knowledge(parsed, pelican.masters, pelican.settings, today)
        outputs = Outputs(output, state)
        one = Build(outputs, state, pelican.settings, circumstances(pelican.settings))
        # Pelican would remove the old site before it knows whether there will be a new one.
        anew, pelican.delete_outputdir = pelican.delete_outputdir, False
        started = time.time_ns() - _CLOCKS_DIFFER
        try:
            with one.going_on(), left_lying():
                build()
            pelican.glimpse = partial(_glimpse, one, lock)
        finally:
            pelican.delete_outputdir = anew
        if anew and not Path(pelican.path).resolve().is_relative_to(output.resolve()):
            outputs.clear(started, pelican.output_retention)


def _glimpse(build: Build, lock: Path, source: Path) -> bool:
    """Show on its page that the text of a file has changed, and nothing else of it, if it has."""
    with taking_turns(lock, _say_waiting):
        return glimpse(build.drafts, source, build.outputs.show)


def _say_waiting() -> None:
    log.warning("Another build into the same folder is going on; waiting for its end")


def _writer(pelican: Pelican) -> type[SafeWriter] | None:
    one = running.get()
    if one is None:
        return None
    settings = Settings.from_mapping(pelican.settings)
    means = {"build": one, "processes": settings.processes, "why": settings.why}
    return type("Writer", (SafeWriter,), means)


def _follow(generator: Generator) -> None:
    """Have the build follow what a generator's templates read."""
    if one := running.get():
        one.follow(generator)


def _begin(generators: Sequence[Generator]) -> None:
    """Tell the build what has been read."""
    if one := running.get():
        one.begin(generators)


def _generators(
    pelican: Pelican, usual: Callable[[], list[type[Generator]]]
) -> list[type[Generator]]:
    """Pelican's generators, with ours in place of those that can do better."""
    ours: dict[type[Generator], Any] = {ArticlesGenerator: Listings, PagesGenerator: Pages}
    # Who uses Pelican's own cache has a reason for it.
    if not {pelican.settings["CACHE_CONTENT"], pelican.settings["LOAD_CONTENT_CACHE"]} - {False}:
        processes = Settings.from_mapping(pelican.settings).processes
        memory = {"knowledge": pelican.knowledge, "processes": processes}
        ours = {kind: type(kind.__name__, (Remembering, own), memory) for kind, own in ours.items()}
    outputs = {"build": running.get()}
    for kind, own in ((StaticGenerator, SafeStatics), (SourceFileGenerator, SafeSources)):
        ours[kind] = type(kind.__name__, (own,), outputs)
    return [ours.get(each, each) for each in usual()]
