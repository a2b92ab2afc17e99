"""Python-Markdown's search for what stands within lines, without asking where nothing can be found.

It asks each of its patterns about each piece of text, and does much around each question. Nearly
all answers are no, and nothing of what is around them matters then.
"""

from collections.abc import Callable
from typing import Any, Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor as Pattern
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

# What Python makes of the names of Markdown's own.
_HANDLE: Final = "_InlineProcessor__handleInline"
_APPLY: Final = "_InlineProcessor__applyPattern"

_Search = Callable[[str, int], object]


class Brief(InlineProcessor):
    """Finds what Markdown's own processor does, in the same order."""

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Apply the inline patterns, those that there are now, to a tree."""
        self._searches: list[tuple[Any, _Search]] = [
            (each, _search(each)) for each in self.inlinePatterns
        ]
        found: Element = super().run(tree, ancestors)
        return found

    def _handle(self, data: str, pattern: int = 0) -> str:
        if isinstance(data, AtomicString):
            return data
        apply, searches, start = getattr(self, _APPLY), self._searches, 0
        while pattern < len(searches):
            one, search = searches[pattern]
            matched = False
            if search(data, start):
                data, matched, start = apply(one, data, pattern, start)
            if not matched:
                pattern, start = pattern + 1, 0
        return data


if hasattr(InlineProcessor, _HANDLE) and hasattr(InlineProcessor, _APPLY):
    setattr(Brief, _HANDLE, Brief._handle)  # noqa: SLF001  # ours


def be_brief(parser: Markdown) -> None:
    """Have a parser do so for each text, and its extensions that look into lines themselves."""
    for each in parser.treeprocessors:
        if type(each) is InlineProcessor:
            each.__class__ = Brief


def _search(pattern: Any) -> _Search:  # noqa: ANN401  # either of Markdown's two kinds
    if isinstance(pattern, Pattern):
        search: _Search = pattern.getCompiledRegExp().search
        return search
    return lambda data, start: True  # noqa: ARG005  # it has a way of its own
