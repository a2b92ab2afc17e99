"""The pages that readers get from the service, in the look of the site they come from.

A build leaves an empty page of its theme beside the list of entries; what is said here goes
into its middle. Without it, or with a theme that cannot give one, a plain page stands in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment
from markupsafe import Markup, escape

from afterword.render import CONTENT_SLOT, TITLE_SLOT, Renderer

_PLAIN: Final = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{TITLE_SLOT}</title></head>
<body><main>{CONTENT_SLOT}</main></body></html>
"""


@dataclass(frozen=True)
class Pages:
    """Renders templates of ``comments/`` into the site's own frame.

    ``locate`` says where the frame lies at the moment; ``renderer`` makes views at a moment.
    """

    environment: Environment
    renderer: Callable[[], Renderer]
    locate: Callable[[], Path]

    def page(self, name: str, title: str, variables: Mapping[str, object]) -> str:
        """Render ``comments/<name>.html`` into the frame."""
        template = self.environment.get_template(f"comments/{name}.html")
        content = Markup(template.render(title=title, **variables))  # noqa: S704  # autoescaped
        before, slot, after = self._frame().partition(CONTENT_SLOT)
        # The title first, and apart: a stranger's text must not be taken for a slot.
        heading = str(escape(title))
        before, after = (part.replace(TITLE_SLOT, heading) for part in (before, after))
        return f"{before}{content}{after}" if slot else f"{before}{content}"

    def _frame(self) -> str:
        try:
            frame = self.locate().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return _PLAIN
        return frame if CONTENT_SLOT in frame else _PLAIN
