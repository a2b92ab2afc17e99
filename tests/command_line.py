"""The page on the command line, made from the commands themselves.

`python -m tests.command_line > docs/command-line.md` renews it.
"""

from collections.abc import Iterator

import click

from afterword.cli import main

_INTRODUCTION = """# The command line

`afterword` comes with the plugin; in this project it is `.venv/bin/afterword`. It exits with 0
when all is well, with 1 when there is something to mend or a command could not do its work, and
with 2 when it was called wrongly. On success it prints nothing that nobody needs.
"""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield the command and its subcommands, as they are typed."""
    yield from _below("afterword", main)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for part in sorted(command.list_commands(context)):
            if below := command.get_command(context, part):
                yield from _below(f"{name} {part}", below)


def page() -> str:
    """Return the documentation of all commands."""
    sections = [_INTRODUCTION]
    for name, command in commands():
        context = click.Context(command, info_name=name, max_content_width=90, terminal_width=90)
        sections.append(f"## {name}\n\n```\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(sections)


if __name__ == "__main__":
    click.echo(page(), nl=False)
