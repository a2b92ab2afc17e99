"""Opening the queue of a site, for the commands that need it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from afterword.cli.options import json_option, settings_option
from afterword.configuration import Configuration
from afterword.environment import Environment
from afterword.office import Office

__all__ = ["json_option", "queue_of", "settings_option"]


@contextmanager
def queue_of(settings_file: str) -> Iterator[Office]:
    """The queue of a site and how to decide about it, closed afterwards."""
    # A command says itself what went wrong: the service's log would say it twice.
    logging.getLogger("afterword").addHandler(logging.NullHandler())
    variables = Environment.from_mapping(os.environ)
    office = Office.of(Configuration.read(Path(settings_file)), variables)
    try:
        yield office
    finally:
        office.store.close()
