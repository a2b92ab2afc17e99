"""The settings of the site that stands beside this file, without builds that cost what changed."""

from pathlib import Path
from runpy import run_path

settings = run_path(str(Path(__file__).with_name("pelicanconf.py")))
globals().update({name: value for name, value in settings.items() if name.isupper()})
PLUGINS = [name for name in settings["PLUGINS"] if name != "incremental"]
