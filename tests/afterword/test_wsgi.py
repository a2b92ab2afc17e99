"""The service put together: once in a process, with what it needs or a sentence about it."""

import subprocess
import sys

from tests.service import blog
from tests.site import Site


def python(site: Site, code: str) -> str:
    """Run this in a blog's folder, in a process of its own; return what it prints."""
    run = subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-c", code],
        cwd=site.root,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_a_process_has_one_app_however_often_it_is_asked_for(site: Site) -> None:
    # uvicorn asks twice. Two apps would have two queues open, and work twice in the background.
    blog(site)
    assert python(site, "from afterword import wsgi; print(wsgi.app is wsgi.app)") == "True\n"
