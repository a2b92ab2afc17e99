"""What to read next: related posts, and the posts before and after."""


def register() -> None:
    """Connect the plugin to Pelican's signals."""
    from related import plugin  # noqa: PLC0415  # the only module that imports Pelican

    plugin.connect()
