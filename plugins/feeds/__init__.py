"""RSS 2.0, Atom and JSON Feed: as plain data and text, and as a Pelican plugin for posts."""


def register() -> None:
    """Connect the plugin to Pelican's signals."""
    from feeds import plugin  # noqa: PLC0415  # the only module that imports Pelican

    plugin.connect()
