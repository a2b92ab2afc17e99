"""When Python looks for garbage: while pages are made, and not while a site is read and compared.

Reading makes many objects that stay, and each time there are some more Python would look at all of
them for some to be thrown away.
"""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


def leave_at_exit() -> None:
    """Have a process that ends leave its memory to the system, which takes it as it is.

    Python would look through all of it once more, for longer than many a build takes.
    """
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


@contextmanager
def left_lying() -> Iterator[None]:
    """A time in which nobody looks for garbage, unless somebody says so."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextmanager
def collected() -> Iterator[None]:
    """A time in which garbage is looked for, in what comes to be in it.

    What was there before is not moved about: what it shares with another process stays shared.
    """
    before = gc.isenabled()
    gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        if not before:
            gc.disable()
        gc.unfreeze()
