"""The options and arguments that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

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
exports_argument: Final[Callable[[Callable[..., Any]], Callable[..., Any]]] = click.argument(
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE...",
    nargs=-1,
    required=True,
)
