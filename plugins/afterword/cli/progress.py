"""A bar for work that takes more than a second, where somebody looks."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# Who waits no longer than that need not be told, in seconds.
_PATIENCE: Final = 1.0


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Yield what to tell: what is being done, how much is done, and how much there is, or 0."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not Console(stderr=True).is_terminal,
    )
    begun = time.monotonic()
    task = bar.add_task("", total=None)

    def tell(what: str, done: int, total: int) -> None:
        if time.monotonic() - begun > _PATIENCE:
            bar.start()
        bar.update(task, description=what, completed=done, total=total or None)

    try:
        yield tell
    finally:
        bar.stop()
