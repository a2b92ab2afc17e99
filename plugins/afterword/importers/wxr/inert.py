"""Attributes of strangers, in which a build of Pelican sees nothing that it has to follow.

It publishes the file that an address names after a brace or a bar, as in `{attach}notes.txt`, and
looks for such addresses with an expression, which finds them in descriptions of pictures too.
"""

import re
from typing import Any, Final
from urllib.parse import quote

_ADDRESSES: Final = frozenset(["cite", "data", "href", "src"])
_FOLLOWED: Final = re.compile(r"\A[{|]")
_QUOTED: Final = re.compile(r"""=\s*["'][{|]""")
_CURLY: Final = str.maketrans(
    "\"'", "\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
)


def inert(name: str, value: Any) -> Any:  # noqa: ANN401  # a text, or a list of classes
    """Return the value of an attribute; whoever reads it sees the same."""
    if not isinstance(value, str):
        return value
    if name in _ADDRESSES:
        return _FOLLOWED.sub(lambda found: quote(found.group()), value.strip())
    return _QUOTED.sub(lambda found: found.group().translate(_CURLY), value)
