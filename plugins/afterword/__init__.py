"""Reader responses for a static blog: from moderated plain files to pages and feeds.

Importing this package loads nothing: the public service and the command line use its parts
without Pelican, and Pelican calls :func:`register`.
"""

import importlib.util
import sys
from pathlib import Path


def register() -> None:
    """Connect the plugin to Pelican's signals."""
    # PLUGIN_PATHS loads a plugin without putting its folder on the path, where our sister
    # package with the feed formats lies.
    if importlib.util.find_spec("feeds") is None:
        sys.path.append(str(Path(__file__).resolve().parent.parent))
    from afterword import plugin  # noqa: PLC0415  # the only module that imports Pelican

    plugin.connect()
