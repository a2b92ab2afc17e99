"""Settings of the public site: `make publish` builds with these."""

import sys
from pathlib import Path

# Pelican runs this file from wherever it was started.
sys.path.append(str(Path(__file__).parent))
from pelicanconf import *  # noqa: F403  # a settings file is a list of names

SITEURL = "https://outofoffice.example"
RELATIVE_URLS = False
# A link to the release that is live.
OUTPUT_PATH = "public"
