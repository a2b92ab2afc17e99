"""Builds that cost what changed, and whole ones or none: as a Pelican plugin and beside it."""


def register() -> None:
    """Connect the plugin to Pelican's signals."""
    from incremental import plugin  # noqa: PLC0415  # Pelican is imported by those who build

    plugin.connect()
