"""Several, and nested, categories for each post of a Pelican blog; descriptions of tags, too."""


def register() -> None:
    """Connect the plugin to Pelican's signals."""
    from categories import plugin  # noqa: PLC0415  # the only module that imports Pelican

    plugin.connect()
