"""What the running service does to show a response, by itself.

    echo FIRST-POST | python bench/service.py pelicanconf.py output

Each line of input names entries. For each it prints, as JSON, the seconds that it took to put the
responses to these into the finished pages, and why it could not where that is left to a build.
"""

import json
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from afterword.configuration import Configuration
from afterword.publishing import Publisher


def main() -> None:
    """Publish what each line asks for."""
    settings, output = map(Path, sys.argv[1:])
    site = Configuration.read(settings)
    if site.state is None:
        sys.exit(f"{settings}: its builds remember nothing, so that nothing can be added to them")
    publisher = Publisher(output, site.state, partial(datetime.now, UTC))
    for line in sys.stdin:
        start = time.perf_counter()
        done = publisher.publish(site, line.split())
        seconds = time.perf_counter() - start
        sys.stdout.write(json.dumps([seconds, *done.reasons]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
