"""The headings of a post, each one level below the one that it stands under.

The title of the page is the first level. WordPress let people begin with any level and leave
some out; who reads with their ears goes by them.
"""

import re
from typing import Final

_HEADING: Final = re.compile(
    r"<h([1-6])\b([^<>]*)>((?:(?!<h[1-6]\b).)*?)</h\1\s*>", re.IGNORECASE | re.DOTALL
)
_SHOWN: Final = re.compile(r"<img\b|>\s*[^<\s]")


def levelled(html: str) -> str:
    """Return a post's HTML with its headings, those of all its parts, in such levels."""
    above: list[int] = []

    def step(found: re.Match[str]) -> str:
        if not _SHOWN.search(f">{found[3]}"):
            return found[3]
        level = int(found[1])
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        now = min(len(above) + 1, 6)
        return f"<h{now}{found[2]}>{found[3]}</h{now}>"

    return _HEADING.sub(step, html)
