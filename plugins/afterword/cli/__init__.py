"""The command `afterword`.

Exit statuses: 0 when all is well, 1 when there is something to mend or a command could not do
its work, 2 when it was called wrongly.
"""

import click

from afterword.cli import people, queue, releases, review, service, site
from afterword.errors import AfterwordError, visible


class _Group(click.Group):
    """Turns our own errors into one line and exit status 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except AfterwordError as error:
            raise click.ClickException(visible(str(error))) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pelican-afterword")
def main() -> None:
    """Reader responses for a static blog."""


for _command in (
    *site.COMMANDS,
    *releases.COMMANDS,
    *queue.COMMANDS,
    review.review,
    *service.COMMANDS,
    *people.COMMANDS,
):
    main.add_command(_command)

__all__ = ["main"]
