"""The command `afterword`.

Exit statuses: 0 when all is well, 1 when there is something to mend or a command could not do
its work, 2 when it was called wrongly.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from afterword.errors import AfterwordError, visible

# In which module each command stands. Only that of the one that was called is loaded: some of
# the others need a web framework and a database.
_MODULES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("check", "move", "serve"), "site"),
    **dict.fromkeys(("publish", "rollback", "releases"), "releases"),
    "publish-responses": "responses",
    **dict.fromkeys(("queue", "show", "history", "approve", "spam", "trash"), "queue"),
    **dict.fromkeys(("restore", "edit", "reply"), "queue"),
    "review": "review",
    **dict.fromkeys(("intake", "password", "reconcile", "backup", "pull"), "service"),
    "privacy": "people",
    "import": "imports",
    "export": "exports",
    "redirects": "redirects",
}


class _Group(click.Group):
    """Loads the command that is called; turns our own errors into one line and exit status 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_MODULES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"afterword.cli.{_MODULES[cmd_name]}")
        commands = (each for each in vars(module).values() if isinstance(each, click.Command))
        return next(each for each in commands if each.name == cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except AfterwordError as error:
            raise click.ClickException(visible(str(error))) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pelican-afterword")
def main() -> None:
    """Reader responses for a static blog."""


__all__ = ["main"]
