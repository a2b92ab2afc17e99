"""The options and arguments that several commands have."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from afterword.errors import EntryError
from afterword.model import check_entry_key


class _SettingsFile(click.Path):
    """A settings file; where there is none, most often somebody is in another folder."""

    def convert(
        self,
        value: Any,  # noqa: ANN401  # as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            hint = "run this in the blog's folder, or name its settings"
            self.fail(f"{error.message.rstrip('.')}; {hint}", param, ctx)


settings_option: Final[Callable[[Callable[..., Any]], Callable[..., Any]]] = click.option(
    "-s",
    "--settings",
    "settings_file",
    default="pelicanconf.py",
    envvar="AFTERWORD_SETTINGS",
    show_default=True,
    show_envvar=True,
    type=_SettingsFile(exists=True, dir_okay=False),
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


def _said(_: click.Context, __: click.Parameter, values: Sequence[str]) -> Mapping[str, str]:
    said = {}
    for value in values:
        address, equals, key = value.rpartition("=")
        try:
            check_entry_key(key)
        except EntryError as error:
            raise click.BadParameter(str(error)) from None
        if not equals:
            raise click.BadParameter(f"{value!r} has no =KEY")
        said[address] = key
    return said


def import_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all imports have."""
    for option in reversed(
        (
            click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done."),
            click.option(
                "--update",
                is_flag=True,
                help="Overwrite the words of responses that are there already. Their state stays.",
            ),
            click.option(
                "--unmatched",
                type=click.Choice(["skip", "keep"]),
                default="skip",
                show_default=True,
                help="Threads that no post or page of the site belongs to: skip and report them, "
                "or keep them under a key made from their address.",
            ),
            click.option(
                "--match",
                "said",
                multiple=True,
                metavar="ADDRESS=KEY",
                callback=_said,
                help="Which comment key the thread with this address (or id) belongs to.",
            ),
            json_option,
            settings_option,
        )
    ):
        command = option(command)
    return command
