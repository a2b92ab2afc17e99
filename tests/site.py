"""A blog in a string: write its files, run the real Pelican on it, look at what came out."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What a small blog sets. THEME is ours unless a test says otherwise.
SETTINGS = f"""
AUTHOR = "Ann Author"
SITENAME = "A Blog"
SITEURL = "https://blog.example"
PATH = "content"
ARTICLE_PATHS = ["posts"]
PAGE_PATHS = ["pages"]
THEME = {str(ROOT / "theme")!r}
PLUGIN_PATHS = [{str(ROOT / "plugins")!r}]
PLUGINS = ["afterword", "categories", "related", "feeds"]
TIMEZONE = "UTC"
LOCALE = ("C.UTF-8", "C")
DEFAULT_DATE_FORMAT = "%-d %B %Y"
ARTICLE_URL = "{{slug}}/"
ARTICLE_SAVE_AS = "{{slug}}/index.html"
ARTICLE_LANG_URL = "{{lang}}/{{slug}}/"
ARTICLE_LANG_SAVE_AS = "{{lang}}/{{slug}}/index.html"
DRAFT_URL = "drafts/{{slug}}/"
DRAFT_SAVE_AS = "drafts/{{slug}}/index.html"
PAGE_URL = "{{slug}}/"
PAGE_SAVE_AS = "{{slug}}/index.html"
CATEGORY_URL = "category/{{slug}}/"
CATEGORY_SAVE_AS = "category/{{slug}}/index.html"
TAG_URL = "tag/{{slug}}/"
TAG_SAVE_AS = "tag/{{slug}}/index.html"
AUTHOR_URL = "author/{{slug}}/"
AUTHOR_SAVE_AS = "author/{{slug}}/index.html"
"""


@dataclass(frozen=True)
class Build:
    """What one run of Pelican left behind. ``log`` is everything it printed."""

    output: Path
    status: int
    log: str

    def read(self, name: str) -> str:
        return (self.output / name).read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """Every file of the output, by its path relative to it."""
        return {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file()
        }


@dataclass(frozen=True)
class Site:
    """A blog below ``root``."""

    root: Path

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files by their path relative to the blog's folder."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def post(self, slug: str, body: str = "Text.", **metadata: str) -> None:
        """Write a post; metadata names are given in lower case."""
        header = {"title": slug.replace("-", " ").title(), "date": "2026-01-02 03:04"} | metadata
        lines = "".join(f"{key.title()}: {value}\n" for key, value in header.items())
        self.write({f"content/posts/{slug}.md": f"{lines}Slug: {slug}\n\n{body}\n"})

    def response(self, entry: str, id: str, body: str = "Words.", **header: str) -> None:  # noqa: A002  # the field's name
        """Write a response file, right or wrong, as the arguments say."""
        fields = {"author": "Dave", "date": "2026-01-03T00:00:00+00:00"} | header
        lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
        self.write({f"content/comments/{entry}/{id}.md": f"{lines}\n{body}\n"})

    def build(
        self,
        settings: str = "",
        *,
        environment: Mapping[str, str] | None = None,
        output: str = "output",
    ) -> Build:
        """Build with SETTINGS and, after them, the Python of ``settings``."""
        (self.root / "content").mkdir(exist_ok=True)
        (self.root / "settings.py").write_text(SETTINGS + settings, encoding="utf-8")
        return self.build_with("settings.py", environment=environment, output=output)

    def build_with(
        self,
        settings_file: str,
        *,
        environment: Mapping[str, str] | None = None,
        output: str = "output",
    ) -> Build:
        """Run Pelican as the Makefile does."""
        command = [sys.executable, "-m", "pelican", "content", "-s", settings_file]
        command += ["-o", output, "--fatal", "errors", "--log-handler", "plain"]
        result = subprocess.run(  # noqa: S603  # our own command line
            command,
            cwd=self.root,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Build(self.root / output, result.returncode, result.stdout)
