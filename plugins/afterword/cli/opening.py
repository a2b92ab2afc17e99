"""What the commands share: which site they are about, and its queue."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from afterword.configuration import Configuration
from afterword.environment import Environment
from afterword.wsgi import Parts

settings_option: Final[Callable[[Callable[..., Any]], Callable[..., Any]]] = click.option(
    "-s",
    "--settings",
    "settings_file",
    default="pelicanconf.py",
    envvar="AFTERWORD_SETTINGS",
    show_default=True,
    show_envvar=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Pelican's settings file.",
)
json_option: Final[Callable[[Callable[..., Any]], Callable[..., Any]]] = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON instead of lines."
)


@contextmanager
def queue_of(settings_file: str) -> Iterator[Parts]:
    """The queue of a site and how to decide about it, closed afterwards."""
    # A command says itself what went wrong: the service's log would say it twice.
    logging.getLogger("afterword").addHandler(logging.NullHandler())
    variables = Environment.from_mapping(os.environ)
    parts = Parts.of(Configuration.read(Path(settings_file)), variables)
    try:
        yield parts
    finally:
        parts.store.close()
